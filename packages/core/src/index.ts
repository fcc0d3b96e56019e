// The contract
export { checkModel } from './checkModel.ts';
export { defineModel } from './defineModel.ts';
export type { ModelDefinition } from './defineModel.ts';
export { ModelError } from './errors.ts';
export type { ModelErrorDetails } from './errors.ts';
export { evaluationContext } from './evaluationContext.ts';
export type {
  ColumnInfo,
  ExampleInfo,
  ExampleShape,
  LossContext,
  LossResult,
  Model,
  ModelFactory,
  ModelFunction,
  NamedTensors,
  NoiseSpec,
  ParameterSpec,
  Phase,
  ScalarSpec,
  StateSpec,
} from './model.ts';
export { modelTensors } from './modelTensors.ts';
export { parameterTensors } from './namedTensors.ts';

// Initial values
export { initializeInto, initializeParameters, parameterCount } from './initialize.ts';
export {
  constant,
  fanInUniform,
  findInitializer,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  initializers,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  truncatedNormal,
  zeros,
} from './initializers.ts';
export type { Fans, Initializer, InitializerFor, InitializerName } from './initializers.ts';

// Layers and networks
export { activate } from './layers/activations.ts';
export type { Activation } from './layers/activations.ts';
export { activationLayer } from './layers/activationLayer.ts';
export { batchNorm } from './layers/batchNorm.ts';
export type { BatchNormOptions } from './layers/batchNorm.ts';
export { causalConv1d } from './layers/causalConv1d.ts';
export type { CausalConv1dOptions } from './layers/causalConv1d.ts';
export { conv2d } from './layers/conv2d.ts';
export { conv2dTranspose } from './layers/conv2dTranspose.ts';
export type { ConvolutionOptions } from './layers/convolution.ts';
export { corrupt } from './layers/corrupt.ts';
export type { Corruption, CorruptLayer, CorruptOptions } from './layers/corrupt.ts';
export { dense } from './layers/dense.ts';
export type { DenseOptions } from './layers/dense.ts';
export { dropout } from './layers/dropout.ts';
export type { DropoutOptions } from './layers/dropout.ts';
export { embedding } from './layers/embedding.ts';
export type { EmbeddingOptions } from './layers/embedding.ts';
export { groupNorm } from './layers/groupNorm.ts';
export type { GroupNormOptions } from './layers/groupNorm.ts';
export { gru } from './layers/gru.ts';
export type { GruOptions } from './layers/gru.ts';
export { l2Normalize } from './layers/l2Normalize.ts';
export type { Layer } from './layers/layer.ts';
export { layerNorm } from './layers/layerNorm.ts';
export type { LayerOptions } from './layers/options.ts';
export { perStep } from './layers/perStep.ts';
export { avgPool2d, maxPool2d } from './layers/pool2d.ts';
export type { PoolOptions } from './layers/pool2d.ts';
export { flatten, reshape } from './layers/reshape.ts';
export { residual } from './layers/residual.ts';
export type { ResidualOptions } from './layers/residual.ts';
export type { NormOptions } from './layers/scaleAndShift.ts';
export { sequential } from './layers/sequential.ts';
export { upsample2d } from './layers/upsample2d.ts';
export { repeatSteps } from './layers/repeatSteps.ts';
export { causalConvDecoder, causalConvEncoder } from './networks/causalConv.ts';
export type { CausalConvDecoderOptions, CausalConvEncoderOptions } from './networks/causalConv.ts';
export { convDecoder, convEncoder } from './networks/conv.ts';
export type { ConvDecoderOptions, ConvEncoderOptions } from './networks/conv.ts';
export { gaussianEncoder } from './networks/encoder.ts';
export type { Encoder } from './networks/encoder.ts';
export { mlpDecoder, mlpEncoder } from './networks/mlp.ts';
export type { MlpDecoderOptions, MlpEncoderOptions } from './networks/mlp.ts';
export type { Normalization } from './networks/normalization.ts';
export { pooledConvDecoder, pooledConvEncoder } from './networks/pooledConv.ts';
export type { PooledConvDecoderOptions, PooledConvEncoderOptions } from './networks/pooledConv.ts';
export { gruDecoder, gruEncoder } from './networks/recurrent.ts';
export type { GruDecoderOptions, GruEncoderOptions } from './networks/recurrent.ts';
export { residualConvDecoder, residualConvEncoder } from './networks/residualConv.ts';
export type {
  ResidualConvDecoderOptions,
  ResidualConvEncoderOptions,
} from './networks/residualConv.ts';
export { penalize } from './penalize.ts';
export type { PenaltyOptions } from './penalize.ts';

// Variational autoencoders
export { bernoulliLogits } from './likelihoods/bernoulliLogits.ts';
export { categorical } from './likelihoods/categorical.ts';
export { continuousBernoulli } from './likelihoods/continuousBernoulli.ts';
export { gaussian } from './likelihoods/gaussian.ts';
export { laplace } from './likelihoods/laplace.ts';
export { decoderShape } from './likelihoods/likelihood.ts';
export type { Likelihood } from './likelihoods/likelihood.ts';
export { findLikelihood, likelihoods } from './likelihoods/likelihoods.ts';
export type { LikelihoodEntry, LikelihoodName } from './likelihoods/likelihoods.ts';
export { logisticMixture } from './likelihoods/logisticMixture.ts';
export { multinomial } from './likelihoods/multinomial.ts';
export type { ScaleOption } from './likelihoods/scale.ts';
export type { Support } from './likelihoods/support.ts';
export { studentT } from './likelihoods/studentT.ts';
export { vae } from './vae.ts';
export type { SampleOptions, Vae } from './vae.ts';
export { conditionedShape } from './vae/condition.ts';
export type { Condition } from './vae/condition.ts';
export type { VaeOptions } from './vae/options.ts';

// Tables: rows of numbers and categories
export { columnInputs } from './columns/columnInputs.ts';
export { columnLikelihood } from './columns/columnLikelihood.ts';
export type { NumericOptions } from './columns/numericColumns.ts';

// Models of other families
export { vqVae } from './models/vqVae.ts';
export type { VqVae, VqVaeOptions } from './models/vqVae.ts';
export { categoricalVae } from './models/categoricalVae.ts';
export type { CategoricalVae, CategoricalVaeOptions } from './models/categoricalVae.ts';
export {
  constantTemperature,
  linearTemperature,
  stepwiseTemperature,
} from './models/temperature.ts';

export { textVae } from './models/textVae.ts';
export type { TextVae, TextVaeOptions } from './models/textVae.ts';
export { tokenSequence } from './likelihoods/tokenSequence.ts';
export type { TokenSequence, TokenSequenceOptions } from './likelihoods/tokenSequence.ts';
export { causalConvTokens } from './networks/causalConvTokens.ts';
export type { CausalConvTokensOptions } from './networks/causalConvTokens.ts';
export { foldedDecoder, foldedEncoder } from './networks/foldedSequence.ts';
export type { FoldedDecoderOptions, FoldedEncoderOptions } from './networks/foldedSequence.ts';
export type { TokenNetwork } from './networks/tokenNetwork.ts';
export { foldSteps, unfoldSteps } from './layers/foldSteps.ts';

// Objectives
export { forEveryone, shares, totalWeight, weightedMean } from './objectives/acrossExamples.ts';
export { betaTcVae } from './objectives/betaTcVae.ts';
export type { BetaTcVaeOptions } from './objectives/betaTcVae.ts';
export { dipVae } from './objectives/dipVae.ts';
export type { DipVaeOptions } from './objectives/dipVae.ts';
export { elbo } from './objectives/elbo.ts';
export type { ForwardPass } from './objectives/forwardPass.ts';
export { infoVae } from './objectives/infoVae.ts';
export type { InfoVaeOptions } from './objectives/infoVae.ts';
export { iwae } from './objectives/iwae.ts';
export type { IwaeOptions } from './objectives/iwae.ts';
export { weightedKl } from './objectives/klTerm.ts';
export type { KlTerm } from './objectives/klTerm.ts';
export { inverseMultiquadratic, mmd, radialBasis } from './objectives/mmd.ts';
export type { Kernel, MmdArguments } from './objectives/mmd.ts';
export type { Objective } from './objectives/objective.ts';
export { rae } from './objectives/rae.ts';
export type { RaeOptions } from './objectives/rae.ts';
export type { Requirement } from './objectives/requirements.ts';
export { wae } from './objectives/wae.ts';
export type { WaeOptions } from './objectives/wae.ts';

// Posteriors, flows and priors
export type { Flow, Flowed } from './flows/flow.ts';
export { inverseAutoregressive } from './flows/inverseAutoregressive.ts';
export type { InverseAutoregressiveOptions } from './flows/inverseAutoregressive.ts';
export { planar } from './flows/planar.ts';
export { klToStandardNormal, reparameterize } from './posteriors/diagonalGaussian.ts';
export type { DiagonalGaussian } from './posteriors/diagonalGaussian.ts';
export { diagonalGaussian } from './posteriors/diagonalGaussianPosterior.ts';
export { flowPosterior } from './posteriors/flowPosterior.ts';
export { fullGaussian } from './posteriors/fullGaussian.ts';
export { pointMass } from './posteriors/pointMass.ts';
export type { Draw, Encoded, Posterior, PosteriorSummary } from './posteriors/posterior.ts';
export { gaussianOfCodes } from './priors/gaussianOfCodes.ts';
export { mixtureOfGaussians } from './priors/mixtureOfGaussians.ts';
export type { MixtureOptions } from './priors/mixtureOfGaussians.ts';
export type { ClosedKl, Prior } from './priors/prior.ts';
export { standardNormal } from './priors/standardNormal.ts';
export { vampPrior } from './priors/vampPrior.ts';
export type { VampPriorOptions } from './priors/vampPrior.ts';

// How the KL enters the loss over a run
export { capacity } from './objectives/capacity.ts';
export type { CapacityOptions } from './objectives/capacity.ts';
export { freeBits } from './objectives/freeBits.ts';
export type { FreeBitsOptions } from './objectives/freeBits.ts';
export { cyclical } from './schedules/cyclical.ts';
export type { CyclicalOptions } from './schedules/cyclical.ts';
export { klScheduleDependsOnLength, klSchedules, klTermOf } from './schedules/klSchedule.ts';
export type { KlSchedule, KlScheduleName } from './schedules/klSchedule.ts';
export { ramp } from './schedules/ramp.ts';
export type { RampLength, RampOptions } from './schedules/ramp.ts';
export { ladderVae } from './models/ladderVae.ts';
export type { LadderVae, LadderVaeOptions } from './models/ladderVae.ts';
export { factorVae } from './models/factorVae.ts';
export type { FactorVae, FactorVaeOptions } from './models/factorVae.ts';
export { vaeGan } from './models/vaeGan.ts';
export type { VaeGan, VaeGanOptions } from './models/vaeGan.ts';
export { latentClassifier } from './models/latentClassifier.ts';
export type { LatentClassifier, LatentClassifierOptions } from './models/latentClassifier.ts';
export { semiSupervised } from './models/semiSupervised.ts';
export type { SemiSupervised, SemiSupervisedOptions } from './models/semiSupervised.ts';
export { stackedSemiSupervised } from './models/stackedSemiSupervised.ts';
export type {
  StackedSemiSupervised,
  StackedSemiSupervisedOptions,
} from './models/stackedSemiSupervised.ts';

// Presets
export { definePreset } from './presets/preset.ts';
export type {
  ExpectedLoss,
  Preset,
  PresetDefaults,
  PresetDefinition,
  PresetOptions,
} from './presets/preset.ts';
export { findPreset, presets } from './presets/presets.ts';
export type { PresetName } from './presets/presets.ts';

// Random numbers and arithmetic that give the same bits everywhere
export { portableCosPi, portableLog } from './math/portable.ts';
export { binarizeValues } from './random/binarize.ts';
export { purposeCode, purposeKinds, seedKey } from './random/counter.ts';
export type { PurposeKind, RandomPosition } from './random/counter.ts';
export { cosSinTurns, logFloat32 } from './random/float32Math.ts';
export { fillNoise } from './random/noise.ts';
export type { NoiseDistribution } from './random/noise.ts';
export { normalPairFromWords, uniformFromWord } from './random/normal.ts';
export { philox4x32 } from './random/philox.ts';
export type { PhiloxBlock, PhiloxKey } from './random/philox.ts';
export { shuffle } from './random/shuffle.ts';
export type { ShuffleOptions } from './random/shuffle.ts';
