#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kMonitoringEntries = std::to_array<TopicEntry>({
    {Topic::kDriftFound, ExitCode::kDrift, "drift-found", "Data that call for a retraining",
     "churn/7: tenure and Contract have drifted, which calls for a retraining",
     "What the model is asked is no longer what it was trained on, or it is right less often, by more than "
     "the `retrain` borders of `monitoring` allow.",
     "Look at the table above the message, or at the page that --report names; retrain on newer data, or "
     "let `monitoring.retrain.action` do it ([monitoring.md](monitoring.md))."},
    {Topic::kNoReference, ExitCode::kUsage, "no-reference", "An artifact without a reference",
     "churn/3 has no reference.json: its artifact was made by an earlier version of Millrace",
     "Drift is seen by comparing with what the artifact says of the training rows, and this one says "
     "nothing.",
     "Package the model again with `millrace package CONFIG`, or retrain it."},
    {Topic::kTriggerEvent, ExitCode::kUsage, "trigger-event", "An event that cannot be understood",
     "the event is no JSON object",
     "What `millrace trigger` reads on its standard input is a JSON object; its `id` and `reason`, where it "
     "has them, are texts, its `source` a text or a list of them; a record of an object store names an "
     "object.",
     "[monitoring.md](monitoring.md#trigger) shows events."},
    {Topic::kRetraining, ExitCode::kResource, "retraining", "A retraining that did not begin",
     "the retraining of churn was not submitted: sbatch ended with code 1: invalid partition",
     "What `monitoring.retrain` names failed. It counts as not begun: the next call tries again.",
     "Follow what the program said; `millrace monitor` again afterwards."},
    {Topic::kNoPrice, ExitCode::kUsage, "no-price", "A budget or limit whose spending is not known",
     "budget 'gpus' of cost.budgets has stop: true, and cost.prices has no gpu_hour, which this run needs",
     "Without the price nobody can tell whether the run goes beyond the budget, or the search beyond "
     "`tuning.limits.cost`.",
     "Give the price (0 where it is free), or take `stop` or the limit away."},
    {Topic::kOverBudget, ExitCode::kGateNotPassed, "over-budget", "A run that a budget does not allow",
     "this run would cost about 12.40 EUR, and budget 'team-a' has 3.10 EUR left until 2026-12-01",
     "The budget has `stop: true`: what would go beyond it is not begun.",
     "Wait for the next period, raise the amount, or begin it with --override-budget REASON, which is "
     "logged."},
    {Topic::kNotDelivered, ExitCode::kResource, "not-delivered", "Alerts that could not be delivered",
     "3 alerts are kept for later: the webhook answered 503",
     "The mailer, the address or the command of `alerts` failed at each attempt, or the webhook refused a "
     "message, which is then set aside. Nothing is lost.",
     "`millrace alerts deliver` tries again when the next attempt is due, and so does whatever raises the "
     "next alert; with --now it does at once, with --refused also what was set aside. `millrace alerts "
     "list` shows both."},
});

}  // namespace

std::span<const TopicEntry> monitoring_topics() {
  return kMonitoringEntries;
}

}  // namespace millrace
