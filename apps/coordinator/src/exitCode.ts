/** How the command ends, for the shell. */
export const EXIT = {
  ok: 0,
  /** The command was understood and failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Stopped by Ctrl-C (or SIGTERM); training left a checkpoint to go on from. */
  interrupted: 130,
} as const;
