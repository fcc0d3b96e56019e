/** The process in which an engine is probed: `argv` names it, the answer is one message. */
import { describeEngines } from '../describeEngines.ts';

const [description] = await describeEngines([process.argv[2] ?? '']);
process.send?.(description);
