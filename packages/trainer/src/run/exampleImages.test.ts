import { expect, it } from 'vitest';
import { drawnImages, drawnPlaces, drawnShape } from './exampleImages.ts';

it('spectrograms stand upright: time to the right, low frequencies below', () => {
  // Two of 3 frames and 2 bands: tens are frames, ones are bands.
  const data = Float32Array.from([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]);
  const drawn = drawnImages('audio', { data, shape: [2, 3, 2, 1] });
  expect(drawn.shape).toEqual([2, 2, 3, 1]);
  expect([...drawn.data]).toEqual([1, 11, 21, 0, 10, 20, 101, 111, 121, 100, 110, 120]);
  expect(drawnShape('audio', [3, 2, 1])).toEqual([2, 3, 1]);
  expect([...drawnPlaces('audio', [3, 2, 1])]).toEqual([3, 0, 4, 1, 5, 2]);
});

it('images stay as they are', () => {
  const images = { data: Float32Array.from([1, 2, 3, 4, 5, 6]), shape: [1, 3, 2, 1] };
  expect(drawnImages('image', images)).toEqual(images);
  expect(drawnShape('image', [3, 2, 1])).toEqual([3, 2, 1]);
  expect([...drawnPlaces('image', [3, 2, 1])]).toEqual([0, 1, 2, 3, 4, 5]);
});
