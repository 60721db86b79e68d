#include "statistics/bucket_counts.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "statistics/packed_counts.hpp"

namespace millrace {

std::optional<NumberCounts> BucketCounts::by(unsigned bits) const {
  NumberCounts coarser;
  coarser.reserve(most_ + 1);
  for (const NumberCounts::Slot& slot : counts_.slots()) {
    if (slot.count == 0) continue;
    coarser.add(slot.bits >> (bits_ - bits), slot.count);
    if (coarser.size() > most_) return std::nullopt;
  }
  return coarser;
}

// To the most bits that leave few enough buckets; one bit always does.
void BucketCounts::coarsen() {
  unsigned few = 1;
  unsigned many = bits_;
  std::optional<NumberCounts> coarser;
  for (unsigned step = 1; many - few > 1 || !coarser; step *= 2) {
    const unsigned bits = coarser ? (few + many) / 2 : bits_ - std::min(step, bits_ - 1);
    if (auto found = by(bits)) {
      coarser = std::move(found);
      few = bits;
    } else {
      many = bits;
    }
  }
  counts_ = std::move(*coarser);
  bits_ = few;
}

void BucketCounts::pack() {
  if (!packed_.empty() || counts_.size() == 0) return;
  const BucketCounts settled = this->settled();
  BitCounts prefixes;
  for (const KeyBucket& bucket : settled.buckets())
    prefixes.emplace_back(bucket.keys.first >> (64U - settled.bits_), bucket.count);
  bits_ = settled.bits_;
  packed_ = pack_counts(prefixes);
  counts_ = {};
}

void BucketCounts::unpack() {
  const unsigned bits = bits_;
  for (const auto& [prefix, times] : unpack_counts(std::exchange(packed_, {}))) {
    if (prefix >> (bits - 1) > 1)
      throw resource_error("counts of buckets: {} has more than {} bits", prefix, bits);
    add(prefix << (64U - bits), times);
  }
}

BucketCounts BucketCounts::settled() const {
  BucketCounts settled = *this;
  if (!settled.packed_.empty()) settled.unpack();
  if (settled.counts_.size() > most_) settled.coarsen();
  return settled;
}

unsigned BucketCounts::bits() const {
  return settled().bits_;
}

void BucketCounts::merge(const BucketCounts& other) {
  if (!packed_.empty()) unpack();
  const BucketCounts settled = other.settled();
  if (settled.bits_ < bits_) {
    const NumberCounts finer = std::exchange(counts_, {});
    finer.for_each([&](std::uint64_t prefix, std::uint64_t times) {
      counts_.add(prefix >> (bits_ - settled.bits_), times);
    });
    bits_ = settled.bits_;
  }
  settled.counts_.for_each(
      [&](std::uint64_t prefix, std::uint64_t times) { add(prefix << (64U - settled.bits_), times); });
}

std::vector<KeyBucket> BucketCounts::buckets() const {
  const BucketCounts settled = this->settled();
  const unsigned shift = 64U - settled.bits_;
  std::vector<KeyBucket> buckets;
  settled.counts_.for_each([&](std::uint64_t prefix, std::uint64_t times) {
    const std::uint64_t first = prefix << shift;
    buckets.push_back({{first, first | ((std::uint64_t{1} << shift) - 1)}, times});
  });
  std::ranges::sort(buckets, {}, [](const KeyBucket& bucket) { return bucket.keys.first; });
  return buckets;
}

void to_json(Json& json, const BucketCounts& counts) {
  BucketCounts packed = counts;
  packed.pack();
  json = {{"bits", packed.bits_}, {"packed", packed.packed_}};
}

void from_json(const Json& json, BucketCounts& counts) {
  const std::string what = "counts of buckets";
  const auto bits = json_get<unsigned>(json, "bits", what);
  if (bits == 0 || bits > 64) throw resource_error("{}: 'bits' is {}", what, bits);
  counts = BucketCounts(counts.most_, bits);
  counts.packed_ = json_get<std::string>(json, "packed", what);
  if (!counts.packed_.empty()) (void)counts.settled();  // whether it can be read
}

}  // namespace millrace
