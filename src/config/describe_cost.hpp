// The keys of the sections cost and alerts: each declared once, for every visitor.
#pragma once

#include "config/alerts_config.hpp"
#include "config/cost_config.hpp"
#include "config/limits.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, PriceTable& prices) {
  visitor.field("cpu_hour", prices.cpu_hour, "Of one core; null: not charged", {.min = 0});
  visitor.field("gpu_hour", prices.gpu_hour, "Of one GPU; null: not charged", {.min = 0});
  visitor.field("gb_month", prices.gb_month, "Of 10^9 bytes kept for 730 hours; null: not charged",
                {.min = 0});
}

template <class Visitor>
void describe(Visitor& visitor, Budget& budget) {
  visitor.field("name", budget.name, "What messages call it", {.form = TextForm::kName, .required = true});
  visitor.field("amount", budget.amount, "In cost.currency", {.min = 0, .above_min = true, .required = true});
  visitor.field("scope", budget.scope, "Whose spending counts", {.words = {"workspace", "model", "team"}});
  visitor.field("of", budget.of, "Name of the model or team; empty: this configuration's");
  visitor.field("period", budget.period, "After which it begins anew (UTC); all: never",
                {.words = {"day", "week", "month", "year", "all"}});
  visitor.field("alerts", budget.alerts, "Percent of it, spent or to be expected, that are told once each",
                {.min = 0, .above_min = true});
  visitor.field("stop", budget.stop, "Whether a run that would go beyond it is not begun");
}

template <class Visitor>
void describe(Visitor& visitor, CostConfig& cost) {
  visitor.field("currency", cost.currency, "Of prices and budgets", {.form = TextForm::kNotEmpty});
  visitor.field("team", cost.team, "That is charged; empty: none");
  visitor.section("prices", cost.prices, "Of an hour and of storage");
  visitor.list("budgets", cost.budgets, "What may be spent");
  visitor.field("spike", cost.spike, "Times its usual cost at which a run or day raises an alarm; 0: never",
                {.min = 0});
  visitor.field("spike_history", cost.spike_history, "Runs or days before there is a usual cost", {.min = 1});
}

template <class Visitor>
void describe(Visitor& visitor, MailConfig& mail) {
  visitor.field("to", mail.to, "Addresses; empty: no mail");
  visitor.field("from", mail.from, "Address; empty: the mailer's own");
  visitor.field("sendmail", mail.sendmail, "The mailer: a program that reads a message with its header");
}

template <class Visitor>
void describe(Visitor& visitor, WebhookConfig& webhook) {
  visitor.field("url", webhook.url, "Where alerts are posted as JSON; empty: nowhere");
  visitor.field("secret_url", webhook.secret_url, "${secret:…} with the address, in place of url; null: url");
  visitor.field("secret", webhook.secret, "${secret:…} that signs them (HMAC-SHA256); null: unsigned");
  visitor.field("attempts", webhook.attempts, "Before an alert is kept for later", {.min = 1, .max = 100});
  visitor.field("timeout", webhook.timeout, "Seconds of an attempt", {.min = 0, .above_min = true});
}

template <class Visitor>
void describe(Visitor& visitor, AlertsConfig& alerts) {
  visitor.field("level", alerts.level, "The lowest that is sent", {.words = {"warn", "alert", "retrain"}});
  visitor.section("mail", alerts.mail, "Alerts by mail");
  visitor.section("webhook", alerts.webhook, "Alerts to an address");
  visitor.field("command", alerts.command, "A program that reads each alert as JSON; empty: none");
  visitor.field("command_seconds", alerts.command_seconds, "That it may take", {.min = 0, .above_min = true});
  visitor.field("metrics", alerts.metrics,
                "Folder of text files for Prometheus' node exporter; empty: WORKSPACE/metrics");
}

}  // namespace millrace
