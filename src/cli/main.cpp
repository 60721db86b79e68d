// millrace: finds the subcommand, runs it, and turns its error into one message and an exit code that every
// rank returns.
#include <cstdio>
#include <optional>

#include "base/allocator.hpp"
#include "base/faults.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "base/version.hpp"
#include "base/watchdog.hpp"
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

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  throw Error(Topic::kCommandLine, "unknown command '{}'{}; 'millrace --help' lists the commands", name,
              suggestion(name, names));
}

// Commands that work on one rank may still have been started under mpirun: the others learn the exit code.
int run_on_root(const Command& command, const Arguments& arguments, const Communicator& comm) {
  const int code =
      comm.agree([&] { return comm.is_root() ? command.run(command, arguments, Communicator::self()) : 0; });
  return comm.all_reduce(std::int32_t{code}, Reduce::kMax);
}

int run(const Arguments& arguments, const Communicator& comm) {
  if (arguments.empty() || arguments[0] == "help" || arguments[0] == "--help" || arguments[0] == "-h") {
    if (comm.is_root()) print_usage();
    return static_cast<int>(arguments.empty() ? ExitCode::kUsage : ExitCode::kDone);
  }
  const Command& command = find_command(arguments[0] == "--version" ? "version" : arguments[0]);
  const Arguments rest(arguments.begin() + 1, arguments.end());
  return command.on_all_ranks ? command.run(command, rest, comm) : run_on_root(command, rest, comm);
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
  const bool needs_mpi = !arguments.empty() && [&] {
    for (const Command& command : commands()) {
      if (command.name == arguments[0]) return command.on_all_ranks;
    }
    return false;
  }();
  try {
    if (needs_mpi || launched_by_mpi()) {
      session.emplace();
      comm = Communicator::world();
    }
    start_faults(comm);
    if (session)
      watchdog.emplace(comm.rank(), comm.size(), launched_by_mpi(), Watchdog::Ends{end_job, leave_job});
    return run(arguments, comm);
  } catch (...) {
    return report(current_error(), comm, session ? &*session : nullptr);
  }
}

}  // namespace

}  // namespace millrace

int main(int argc, char** argv) {
  return millrace::main(argc, argv);
}
