// millrace: finds the subcommand, runs it, and turns its error into one message and an exit code that every
// rank returns.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>

#include "base/allocator.hpp"
#include "base/faults.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "base/version.hpp"
#include "base/watchdog.hpp"
#include "cli/afterwards.hpp"
#include "cli/command.hpp"
#include "comm/session.hpp"

namespace millrace {

namespace {

constexpr double kMeetingSeconds = 10;  // for ranks to follow an error that one of them has met

void print_usage() {
  fmt::print("millrace {}: from a day's data to a served model\n\nmillrace COMMAND [options]\n\n",
             code_version());
  for (const Command& command : commands()) fmt::print("  {:<10} {}\n", command.name, command.summary);
  fmt::print("\nmillrace COMMAND --help explains a command and shows an example.\n");
}

void print_usage(const Command& command) {
  fmt::print("millrace {} {}\n\n{}\n\n", command.name, command.arguments, command.summary);
  for (const Command& action : command.actions) fmt::print("  {:<18} {}\n", action.name, action.summary);
  fmt::print("\nmillrace {} --help explains one and shows an example.\n\nexample:\n  {}\n",
             command.actions.front().name, command.example);
}

bool asks_for_help(const Arguments& arguments) {
  const std::string word = arguments.empty() ? "help" : arguments[0];
  return word == "help" || word == "--help" || word == "-h";
}

// The one of `commands` that the words begin with; null where there is none.
const Command* look_up(const std::vector<Command>& commands, const std::string& name) {
  const auto found = std::ranges::find(commands, name, &Command::name);
  return found == commands.end() ? nullptr : &*found;
}

const Command& find_command(const std::vector<Command>& commands, const std::string& name,
                            const std::string& overview) {
  if (const Command* found = look_up(commands, name)) return *found;
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  throw Error(Topic::kCommandLine, "unknown command '{}'{}; '{}' lists the commands", name,
              suggestion(name, names), overview);
}

// The action that the first of the words behind the command names; null where it names none.
const Command* action_of(const Command& command, const Arguments& rest) {
  return rest.empty() ? nullptr : look_up(command.actions, command.name + " " + rest[0]);
}

// Whether the command that the words name works on all ranks; no where they name none.
bool works_on_all_ranks(const Arguments& arguments) {
  const Command* command = arguments.empty() ? nullptr : look_up(commands(), arguments[0]);
  if (command == nullptr) return false;
  const Command* action = action_of(*command, Arguments(arguments.begin() + 1, arguments.end()));
  return action != nullptr ? action->on_all_ranks : command->on_all_ranks;
}

// Commands that work on one rank may still have been started under mpirun: the others learn the exit code.
int run_on_root(const Command& command, const Arguments& arguments, const Communicator& comm) {
  const int code =
      comm.agree([&] { return comm.is_root() ? command.run(command, arguments, Communicator::self()) : 0; });
  return comm.all_reduce(std::int32_t{code}, Reduce::kMax);
}

int run(const Command& command, const Arguments& arguments, const Communicator& comm) {
  return command.on_all_ranks ? command.run(command, arguments, comm) : run_on_root(command, arguments, comm);
}

// What print_usage shows belongs to a missing word too, which is a mistake.
int explain(const Arguments& arguments, const Communicator& comm, const std::function<void()>& print) {
  if (comm.is_root()) print();
  return static_cast<int>(arguments.empty() ? ExitCode::kUsage : ExitCode::kDone);
}

int run(const Arguments& arguments, const Communicator& comm) {
  if (asks_for_help(arguments)) return explain(arguments, comm, [] { print_usage(); });
  const Command& command =
      find_command(commands(), arguments[0] == "--version" ? "version" : arguments[0], "millrace --help");
  const Arguments rest(arguments.begin() + 1, arguments.end());
  if (command.actions.empty()) return run(command, rest, comm);
  if (asks_for_help(rest)) return explain(rest, comm, [&] { print_usage(command); });
  if (command.run != nullptr && action_of(command, rest) == nullptr) return run(command, rest, comm);
  const Command& action = find_command(command.actions, command.name + " " + rest[0],
                                       fmt::format("millrace {} --help", command.name));
  return run(action, Arguments(rest.begin() + 1, rest.end()), comm);
}

// What MILLRACE_FAULTS asks for, on this rank.
void start_faults(const Communicator& comm) {
  static FaultyOperations* faults = install_faults(comm.rank());
  if (faults != nullptr) set_collective_hook([] { faults->at_collective(); });
}

// An error that all ranks have met is printed once, by rank 0. One that they have not ends the job here and
// now.
int report(const Error& error, const Communicator& comm, const MpiSession* session) {
  const int code = static_cast<int>(error.code());
  const bool together = session == nullptr || session->all_arrive(kMeetingSeconds);
  if (!together) {
    log_failure(
        error.reworded(fmt::format("{} (rank {} of {}, alone)", error.message(), comm.rank(), comm.size())));
    end_job(code);
  }
  if (comm.is_root()) log_failure(error);
  return code;
}

int main(int argc, char** argv) {
  keep_freed_memory();
  std::optional<Watchdog> watchdog;  // outlives the session: MPI's end may get stuck too
  std::optional<MpiSession> session;
  auto comm = Communicator::self();
  const Arguments arguments(argv + 1, argv + argc);
  try {
    if (works_on_all_ranks(arguments) || launched_by_mpi()) {
      session.emplace();
      comm = Communicator::world();
    }
    start_faults(comm);
    if (session)
      watchdog.emplace(comm.rank(), comm.size(), launched_by_mpi(), Watchdog::Ends{end_job, leave_job});
    const int code = run(arguments, comm);
    do_afterwards();
    return code;
  } catch (...) {
    const int code = report(current_error(), comm, session ? &*session : nullptr);
    do_afterwards();
    return code;
  }
}

}  // namespace

}  // namespace millrace

int main(int argc, char** argv) {
  return millrace::main(argc, argv);
}
