#include "comm/communicator.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/host.hpp"
#include "base/position.hpp"
#include "comm/handle.hpp"

namespace millrace {

namespace {

void (*collective_hook)() = nullptr;

// The lifetime of one collective: seen by the watchdog, announced to the hook.
class InCollective {
 public:
  explicit InCollective(const char* name, std::uint64_t bytes = 0)
      : here_(Blocking::kCollective, name, bytes) {
    if (collective_hook != nullptr) collective_hook();
  }

 private:
  InOperation here_;
};

// MPI 3 counts are ints: longer transfers go in pieces.
constexpr std::size_t kPiece = std::size_t{1} << 30U;

template <class T>
MPI_Datatype mpi_type() {
  if constexpr (std::is_same_v<T, float>) return MPI_FLOAT;
  if constexpr (std::is_same_v<T, double>) return MPI_DOUBLE;
  if constexpr (std::is_same_v<T, std::int32_t>) return MPI_INT32_T;
  if constexpr (std::is_same_v<T, std::int64_t>) return MPI_INT64_T;
  if constexpr (std::is_same_v<T, std::uint8_t>) return MPI_UINT8_T;
  if constexpr (std::is_same_v<T, std::uint64_t>) return MPI_UINT64_T;
}

MPI_Op mpi_operation(Reduce operation) {
  switch (operation) {
    case Reduce::kSum:
      return MPI_SUM;
    case Reduce::kMin:
      return MPI_MIN;
    case Reduce::kMax:
      return MPI_MAX;
  }
  return MPI_SUM;
}

template <class Body>
void in_pieces(std::size_t total, std::size_t element_bytes, Body&& body) {
  const std::size_t step = kPiece / element_bytes;
  for (std::size_t done = 0; done < total; done += step) {
    body(done, static_cast<int>(std::min(step, total - done)));
  }
}

// Sizes and offsets of a variable-length exchange, which has to fit MPI's ints.
struct Layout {
  std::vector<int> sizes;
  std::vector<int> offsets;
  std::size_t total = 0;

  explicit Layout(std::vector<int> all_sizes) : sizes(std::move(all_sizes)), offsets(sizes.size()) {
    for (std::size_t r = 0; r < sizes.size(); ++r) {
      offsets[r] = static_cast<int>(total);
      total += static_cast<std::size_t>(sizes[r]);
      if (total > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw internal_error("a collective of more than 2 GiB of metadata");
      }
    }
  }
  [[nodiscard]] std::vector<std::string> cut(const std::string& joined) const {
    std::vector<std::string> parts;
    for (std::size_t r = 0; r < sizes.size(); ++r) {
      parts.push_back(
          joined.substr(static_cast<std::size_t>(offsets[r]), static_cast<std::size_t>(sizes[r])));
    }
    return parts;
  }
};

}  // namespace

void set_collective_hook(void (*hook)()) {
  collective_hook = hook;
}

Communicator::Communicator(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {
  if (handle_->native() == MPI_COMM_SELF) return;  // also without MPI
  MPI_Comm_rank(handle_->native(), &rank_);
  MPI_Comm_size(handle_->native(), &size_);
}

Communicator Communicator::world() {
  return Communicator(std::make_shared<const Handle>(MPI_COMM_WORLD));
}

Communicator Communicator::self() {
  return Communicator(std::make_shared<const Handle>(MPI_COMM_SELF));
}

Communicator Communicator::split(int group) const {
  const LocalRank place = on_this_host();
  const InCollective here("split");
  return Communicator(std::make_shared<const Handle>(handle_->native(), group, rank_, place));
}

void Communicator::barrier() const {
  const InCollective here("barrier");
  MPI_Barrier(handle_->native());
}

LocalRank Communicator::on_this_host() const {
  if (handle_->place()) return *handle_->place();
  const InCollective here("split_by_host");
  MPI_Comm host = MPI_COMM_NULL;
  MPI_Comm_split_type(handle_->native(), MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &host);
  LocalRank local;
  MPI_Comm_rank(host, &local.rank);
  MPI_Comm_size(host, &local.size);
  MPI_Comm_free(&host);
  return local;
}

std::size_t Communicator::cores_for_each() const {
  const std::vector<int> cores = usable_cores();
  std::string mine = host_name();
  for (const int core : cores) mine += ' ' + std::to_string(core);
  const std::vector<std::string> all = all_gather(mine);
  const auto sharers = static_cast<std::size_t>(std::count(all.begin(), all.end(), mine));
  return std::max<std::size_t>(1, cores.size() / sharers);
}

template <class T>
void Communicator::all_reduce(std::span<T> values, Reduce operation) const {
  const InCollective here("all_reduce", values.size_bytes());
  if (size_ == 1) return;
  in_pieces(values.size(), sizeof(T), [&](std::size_t start, int count) {
    MPI_Allreduce(MPI_IN_PLACE, values.data() + start, count, mpi_type<T>(), mpi_operation(operation),
                  handle_->native());
  });
}
template void Communicator::all_reduce(std::span<float>, Reduce) const;
template void Communicator::all_reduce(std::span<double>, Reduce) const;
template void Communicator::all_reduce(std::span<std::int32_t>, Reduce) const;
template void Communicator::all_reduce(std::span<std::int64_t>, Reduce) const;
template void Communicator::all_reduce(std::span<std::uint8_t>, Reduce) const;
template void Communicator::all_reduce(std::span<std::uint64_t>, Reduce) const;

std::uint64_t Communicator::exclusive_sum(std::uint64_t value) const {
  const InCollective here("exclusive_sum", sizeof value);
  std::uint64_t sum = 0;
  MPI_Exscan(&value, &sum, 1, MPI_UINT64_T, MPI_SUM, handle_->native());
  return rank_ == 0 ? 0 : sum;  // MPI leaves rank 0's result undefined
}

void Communicator::broadcast(std::string& bytes, int root) const {
  const InCollective here("broadcast", bytes.size());
  if (size_ == 1) return;
  std::uint64_t length = bytes.size();
  MPI_Bcast(&length, 1, MPI_UINT64_T, root, handle_->native());
  bytes.resize(length);
  in_pieces(length, 1, [&](std::size_t start, int count) {
    MPI_Bcast(bytes.data() + start, count, MPI_BYTE, root, handle_->native());
  });
}

std::vector<std::string> Communicator::gather(std::string_view bytes, int root) const {
  const InCollective here("gather", bytes.size());
  const int mine = static_cast<int>(bytes.size());
  std::vector<int> sizes(rank_ == root ? static_cast<std::size_t>(size_) : 0);
  MPI_Gather(&mine, 1, MPI_INT, sizes.data(), 1, MPI_INT, root, handle_->native());
  const Layout layout(std::move(sizes));
  std::string joined(layout.total, '\0');
  MPI_Gatherv(bytes.data(), mine, MPI_BYTE, joined.data(), layout.sizes.data(), layout.offsets.data(),
              MPI_BYTE, root, handle_->native());
  return layout.cut(joined);
}

std::vector<std::string> Communicator::all_gather(std::string_view bytes) const {
  const InCollective here("all_gather", bytes.size());
  const int mine = static_cast<int>(bytes.size());
  std::vector<int> sizes(static_cast<std::size_t>(size_));
  MPI_Allgather(&mine, 1, MPI_INT, sizes.data(), 1, MPI_INT, handle_->native());
  const Layout layout(std::move(sizes));
  std::string joined(layout.total, '\0');
  MPI_Allgatherv(bytes.data(), mine, MPI_BYTE, joined.data(), layout.sizes.data(), layout.offsets.data(),
                 MPI_BYTE, handle_->native());
  return layout.cut(joined);
}

std::vector<std::string> Communicator::all_to_all(const std::vector<std::string>& to) const {
  const InCollective here("all_to_all");
  if (to.size() != static_cast<std::size_t>(size_)) throw internal_error("all_to_all needs one part a rank");
  std::vector<int> outgoing;
  for (const std::string& part : to) outgoing.push_back(static_cast<int>(part.size()));
  std::vector<int> incoming(outgoing.size());
  MPI_Alltoall(outgoing.data(), 1, MPI_INT, incoming.data(), 1, MPI_INT, handle_->native());
  const Layout send(std::move(outgoing));
  const Layout receive(std::move(incoming));
  const std::string sent = std::accumulate(to.begin(), to.end(), std::string());
  std::string received(receive.total, '\0');
  MPI_Alltoallv(sent.data(), send.sizes.data(), send.offsets.data(), MPI_BYTE, received.data(),
                receive.sizes.data(), receive.offsets.data(), MPI_BYTE, handle_->native());
  return receive.cut(received);
}

void Communicator::all_gather(std::span<const float> mine, std::span<float> all) const {
  const InCollective here("all_gather", mine.size_bytes());
  if (all.size() != mine.size() * static_cast<std::size_t>(size_))
    throw internal_error("all_gather: sizes differ");
  MPI_Allgather(mine.data(), static_cast<int>(mine.size()), MPI_FLOAT, all.data(),
                static_cast<int>(mine.size()), MPI_FLOAT, handle_->native());
}

}  // namespace millrace
