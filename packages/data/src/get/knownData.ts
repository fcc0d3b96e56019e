/**
 * Well-known sets of data: where their authors, or who keeps them for those, offer them, and the checksums
 * by which every copy is known. Nothing is fetched unless a user asks for it.
 */
export interface RemoteFile {
  readonly url: string;
  /** What it is called here; of an archive, while it is fetched. */
  readonly name: string;
  readonly checksum: { readonly algorithm: 'sha256' | 'md5'; readonly hex: string };
  /** Of an archive: which of its files are kept, by their path in it, and under which name. */
  readonly unpack?: {
    readonly format: 'tar.gz' | 'zip';
    /** The first group is the name here. */
    readonly keep: RegExp;
  };
}

export interface KnownData {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly home: string;
  /** Of what is fetched, about. */
  readonly megabytes: number;
  readonly files: readonly RemoteFile[];
  /** What `--data` names, in the folder; the folder itself where absent. */
  readonly entry?: string;
  /** Comes with Lockstep under its name, too. */
  readonly isBuiltIn?: true;
}

const md5 = (hex: string) => ({ algorithm: 'md5', hex }) as const;
const sha256 = (hex: string) => ({ algorithm: 'sha256', hex }) as const;

/** The four files that MNIST has, and all that took its place. */
function mnistFiles(base: string, hashes: readonly [string, string, string, string]): RemoteFile[] {
  const names = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
  return names.map((stem, i) => {
    const name = `${stem}-ubyte.gz`;
    return { url: `${base}${name}`, name, checksum: md5(hashes[i] ?? '') };
  });
}

const nslKdd =
  'https://raw.githubusercontent.com/defcom17/NSL_KDD/27bbbdf5c5cccf9970b8b6037a0f19dc09c5a0a9/';

export const knownData: readonly KnownData[] = [
  {
    name: 'mnist',
    isBuiltIn: true,
    title: 'MNIST: 70,000 handwritten digits, 28x28 (also built in: --data mnist)',
    licence: 'CC BY-SA 3.0',
    home: 'http://yann.lecun.com/exdb/mnist/',
    megabytes: 12,
    files: mnistFiles('https://ossci-datasets.s3.amazonaws.com/mnist/', [
      'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      'd53e105ee54ea40749a09fcbcd1e9432',
      '9fb629c4189551a2d022fa330f9573f3',
      'ec29112dd5afa0611ce80d1b7f02629c',
    ]),
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST: 70,000 pictures of clothes, 28x28',
    licence: 'MIT',
    home: 'https://github.com/zalandoresearch/fashion-mnist',
    megabytes: 31,
    files: mnistFiles('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/', [
      '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      '25c81989df183df01b3e8a0aad5dffbe',
      'bef4ecab320f06d8554ea6380940ec79',
      'bb300cfdad3c16e7a12a480ee83cd310',
    ]),
  },
  {
    name: 'kmnist',
    title: 'Kuzushiji-MNIST: 70,000 cursive Japanese characters, 28x28',
    licence: 'CC BY-SA 4.0',
    home: 'http://codh.rois.ac.jp/kmnist/',
    megabytes: 21,
    files: mnistFiles('http://codh.rois.ac.jp/kmnist/dataset/kmnist/', [
      'bdb82020997e1d708af4cf47b453dcf7',
      'e144d726b3acfaa3e44228e80efcd344',
      '5c965bf0a639b31b8f53240b1b52f4d7',
      '7320c461ea6c1c855c0b718fb2a4b134',
    ]),
  },
  {
    name: 'cifar-10',
    title: 'CIFAR-10: 60,000 color pictures of 10 classes, 32x32',
    licence: 'free to use with a citation (Krizhevsky, 2009)',
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    megabytes: 170,
    files: [
      {
        url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
        name: 'cifar-10-binary.tar.gz',
        checksum: sha256('c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'),
        unpack: { format: 'tar.gz', keep: /^cifar-10-batches-bin\/([\w.]+\.(?:bin|txt))$/ },
      },
    ],
  },
  {
    name: 'cifar-100',
    title: 'CIFAR-100: 60,000 color pictures of 100 classes, 32x32',
    licence: 'free to use with a citation (Krizhevsky, 2009)',
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    megabytes: 169,
    files: [
      {
        url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
        name: 'cifar-100-binary.tar.gz',
        checksum: md5('03b5dce01913d631647c71ecec9e9cb8'),
        unpack: { format: 'tar.gz', keep: /^cifar-100-binary\/([\w.]+\.(?:bin|txt))$/ },
      },
    ],
  },
  {
    name: 'nsl-kdd',
    title:
      'NSL-KDD: records of network connections, a fifth of the training part, and the test part',
    licence: 'free to use with a citation (Tavallaee et al., 2009)',
    home: 'https://www.unb.ca/cic/datasets/nsl.html',
    megabytes: 7,
    files: [
      {
        url: `${nslKdd}KDDTrain%2B_20Percent.txt`,
        name: 'KDDTrain+_20Percent.csv',
        checksum: sha256('7ea86479faab5ca2190b7f18b4982fb058ce5bf2b46e0e1017d0d9ef90f9c16e'),
      },
      {
        url: `${nslKdd}KDDTest%2B.txt`,
        name: 'KDDTest+.csv',
        checksum: sha256('fa46b0935342616aa83b7c2578db355b6a7aaabbc492248172c7a1e8b7ab8f84'),
      },
    ],
    entry: 'KDDTrain+_20Percent.csv',
  },
  {
    name: 'tinyshakespeare',
    title: "Tiny Shakespeare: 1.1 MB of Shakespeare's plays",
    licence: 'public domain',
    home: 'https://github.com/karpathy/char-rnn',
    megabytes: 1.1,
    files: [
      {
        url: 'https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt',
        name: 'input.txt',
        checksum: sha256('86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed'),
      },
    ],
    entry: 'input.txt',
  },
  {
    name: 'fsdd',
    title: 'Free Spoken Digit Dataset 1.0.9: spoken digits, 8 kHz',
    licence: 'CC BY-SA 4.0',
    home: 'https://github.com/Jakobovski/free-spoken-digit-dataset',
    megabytes: 12,
    files: [
      {
        url: 'https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.9.tar.gz',
        name: 'fsdd-1.0.9.tar.gz',
        checksum: sha256('8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0'),
        unpack: {
          format: 'tar.gz',
          keep: /^free-spoken-digit-dataset-1\.0\.9\/(recordings\/[\w.]+\.wav)$/,
        },
      },
    ],
    entry: 'recordings',
  },
  {
    name: 'movielens-small',
    title: 'MovieLens latest-small (2018): 100,836 ratings of 9,742 films by 610 users',
    licence: "for research, not for sale; see the archive's README",
    home: 'https://grouplens.org/datasets/movielens/',
    megabytes: 1,
    files: [
      {
        url: 'https://files.grouplens.org/datasets/movielens/ml-latest-small.zip',
        name: 'ml-latest-small.zip',
        checksum: sha256('696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436'),
        unpack: { format: 'zip', keep: /^ml-latest-small\/(\w+\.(?:csv|txt))$/ },
      },
    ],
    entry: 'ratings.csv',
  },
];
