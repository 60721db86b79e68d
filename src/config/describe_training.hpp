// The keys of the sections model and training: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, ModelConfig& model) {
  visitor.field("hidden", model.hidden, "Units of the hidden layers; []: a linear model",
                {.min = 1, .max = 65536});
  visitor.field("activation", model.activation, "After each hidden layer",
                {.words = {"relu", "gelu", "tanh"}});
  visitor.field("dropout", model.dropout, "Share of hidden units left out in each training step",
                {.min = 0, .max = 1, .below_max = true});
  visitor.field("skip", model.skip, "Adds a linear path from the inputs to the outputs");
}

template <class Visitor>
void describe(Visitor& visitor, EarlyStopping& stopping) {
  visitor.field("patience", stopping.patience, "Epochs without improvement before training stops",
                {.min = 1});
  visitor.field("min_delta", stopping.min_delta, "A smaller gain of the validation loss is none", {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, CheckpointConfig& checkpoint) {
  visitor.field("every_steps", checkpoint.every_steps, "Steps between checkpoints", {.min = 1});
  visitor.field("keep", checkpoint.keep, "Checkpoints that are kept", {.min = 1});
}

template <class Visitor>
void describe(Visitor& visitor, TrainingConfig& training) {
  visitor.field("seed", training.seed, "Of everything that is random");
  visitor.field("epochs", training.epochs, "Passes over the training rows", {.min = 1});
  visitor.field("batch_size", training.batch_size, "Rows of a step, over all ranks", {.min = 1});
  visitor.field("learning_rate", training.learning_rate, "Of AdamW, at its peak",
                {.min = 0, .above_min = true});
  visitor.field("weight_decay", training.weight_decay, "Of AdamW", {.min = 0});
  visitor.field("warmup", training.warmup, "Share of the steps in which the learning rate rises",
                {.min = 0, .max = 1});
  visitor.field("schedule", training.schedule, "Of the learning rate after the warm-up",
                {.words = {"cosine", "constant"}});
  visitor.field("class_weights", training.class_weights, "balanced: rare classes count more in the loss",
                {.words = {"none", "balanced"}});
  visitor.field("gradient_clip", training.gradient_clip,
                "Longest gradient (its norm over all weights); 0: any", {.min = 0});
  visitor.section("early_stopping", training.early_stopping,
                  "Stops when the validation loss no longer improves");
  visitor.section("checkpoint", training.checkpoint, "What a later run resumes from");
  visitor.field("deterministic", training.deterministic, "The same weights, bit for bit, for 1 to 8 ranks");
  visitor.field("device", training.device, "auto: a GPU where there is one",
                {.words = {"auto", "cpu", "cuda"}});
  visitor.field("precision", training.precision,
                "Of matrix products on a GPU; the CPU always computes in fp32",
                {.words = {"fp32", "tf32", "bf16"}});
  visitor.field("lanes", training.lanes,
                "Parts of the training rows that ranks own whole: at least the ranks",
                {.min = 1, .max = 65536});
  visitor.field("window_rows", training.window_rows, "Rows of a lane that are shuffled together", {.min = 1});
  visitor.field("threads", training.threads, "Of each rank", {.min = 1, .max = 1024});
}

}  // namespace millrace
