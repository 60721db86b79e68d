#include "serving/calls/batch.hpp"

#include "base/error.hpp"

namespace millrace {

namespace {

template <class T>
void append_all(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_rows(Column& to, const Column& from) {
  append_all(to.integers, from.integers);
  append_all(to.reals, from.reals);
  append_all(to.valid, from.valid);
  const auto first = static_cast<std::int32_t>(to.dictionary.size());
  for (const std::int32_t code : from.codes) to.codes.push_back(first + code);
  to.dictionary.append(from.dictionary);
}

void append_rows(Table& to, const Table& from) {
  for (std::size_t c = 0; c < to.columns.size(); ++c) append_rows(to.columns[c], from.columns[c]);
}

}  // namespace

void score_together(std::span<CallLease> calls) {
  const ServedModel& model = *calls.front()->arm->model;
  if (calls.size() == 1) return model.score(**calls.front()->memory);
  const auto all = model.lend_memory();
  for (const CallLease& call : calls) append_rows(all->table, (*call->memory)->table);
  model.score(*all);
  auto from = all->predictions.begin();
  for (const CallLease& call : calls) {
    const auto size = static_cast<std::ptrdiff_t>(call->rows() * model.outputs());
    (*call->memory)->predictions.assign(from, from + size);
    from += size;
  }
}

}  // namespace millrace
