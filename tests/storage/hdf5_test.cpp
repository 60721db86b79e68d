#include "storage/hdf5.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::hdf5 {
namespace {

using testing_support::TemporaryFolder;

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    return error.message();
  }
  return "no error";
}

void write_everything(const std::string& path) {
  File file = File::create(path);
  file.write<std::int32_t>("a/b/c", std::vector<std::int32_t>{-1, 2, 3, 4, 5, 6}, {2, 3});
  file.write<double>("a/b/d", std::vector<double>{0.5, std::numeric_limits<double>::infinity()});
  file.write_texts("texts", {"", "x", std::string("nul\0inside", 10), "ünï/cödé"});
  file.set_attribute("empty", "");
  file.set_attribute("long", std::string(200'000, 'x'));
  file.close();
}

TEST(Hdf5, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  write_everything(folder / "x.h5");
  const File file = File::open(folder / "x.h5");
  EXPECT_EQ(file.read<std::int32_t>("a/b/c"), (std::vector<std::int32_t>{-1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(file.shape("a/b/c"), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(file.read<double>("a/b/d")[1], std::numeric_limits<double>::infinity());
  EXPECT_EQ(file.read_texts("texts"), (TextList{"", "x", std::string("nul\0inside", 10), "ünï/cödé"}));
  EXPECT_EQ(file.attribute("empty"), "");
  EXPECT_EQ(file.attribute("long"), std::string(200'000, 'x'));
  EXPECT_TRUE(file.contains("a/b/d"));
  EXPECT_FALSE(file.contains("a/x/d"));
  EXPECT_FALSE(file.contains("a/b/e"));
}

TEST(Hdf5, EqualContentGivesEqualBytes) {
  const TemporaryFolder folder;
  write_everything(folder / "x.h5");
  ::sleep(1);  // HDF5's object times count seconds
  write_everything(folder / "y.h5");
  EXPECT_TRUE(read_file(folder / "x.h5") == read_file(folder / "y.h5"));
}

TEST(Hdf5, FilesCanBeReadFromMemory) {
  const TemporaryFolder folder;
  write_everything(folder / "x.h5");
  const std::string bytes = read_file(folder / "x.h5");
  EXPECT_EQ(File::open_bytes(bytes, "x").read<std::int32_t>("a/b/c").size(), 6U);
  EXPECT_NO_THROW(File::open_bytes(bytes, folder / "x.h5")) << "a file of that name is none of its business";
  EXPECT_NE(message_of([] { File::open_bytes("nonsense", "a part"); }).find("'a part'"), std::string::npos);
  EXPECT_THROW(File::open_bytes("", "x"), Error);
  EXPECT_THROW(File::open_bytes(std::string_view(bytes).substr(0, bytes.size() / 2), "x"), Error);
}

// With more checks than fit beside the dataset.
TEST(Hdf5, CheckedDatasetsReadBackAsAWholeAndInParts) {
  const TemporaryFolder folder;
  std::vector<std::uint64_t> values(16'900'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i * i;
  File file = File::create(folder / "x.h5");
  file.write_checked<std::uint64_t>("a/values", values);
  file.write_checked<float>("none", std::vector<float>{}, {0, 7});
  file.close();
  const File read = File::open(folder / "x.h5");
  EXPECT_TRUE(read.read_checked<std::uint64_t>("a/values") == values);
  EXPECT_TRUE(read.read_checked<float>("none").empty());
  const CheckedBytes bytes = read.find_checked<std::uint64_t>("a/values");
  EXPECT_EQ(bytes.checks.size(), 8252U);
  std::vector<std::uint64_t> some(10'000);
  read_checked(ReadableFile(folder / "x.h5"), bytes, 8 * 123'457,
               {reinterpret_cast<char*>(some.data()), 8 * some.size()});
  EXPECT_TRUE(std::equal(some.begin(), some.end(), values.begin() + 123'457));
}

TEST(Hdf5, ADatasetWithoutChecksIsNoCheckedOne) {
  const TemporaryFolder folder;
  write_everything(folder / "x.h5");
  EXPECT_NE(message_of([&] { (void)File::open(folder / "x.h5").read_checked<double>("a/b/d"); }), "no error");
}

TEST(Hdf5, EmptyDatasetsOfAnyShape) {
  const TemporaryFolder folder;
  File file = File::create(folder / "x.h5");
  file.write<float>("none", std::vector<float>{});
  file.write<float>("wide", std::vector<float>{}, {0, 7});
  file.write<float>("narrow", std::vector<float>{}, {7, 0});
  file.write_texts("texts", {});
  file.close();
  const File read = File::open(folder / "x.h5");
  EXPECT_TRUE(read.read<float>("none").empty());
  EXPECT_EQ(read.shape("wide"), (std::vector<std::uint64_t>{0, 7}));
  EXPECT_EQ(read.shape("narrow"), (std::vector<std::uint64_t>{7, 0}));
  EXPECT_TRUE(read.read_texts("texts").empty());
}

TEST(Hdf5, ManyObjectsInOneGroup) {
  const TemporaryFolder folder;
  File file = File::create(folder / "x.h5");
  for (std::int64_t i = 0; i < 300; ++i) {
    file.write<std::int64_t>("columns/" + std::to_string(i) + "/values", std::vector<std::int64_t>{i});
  }
  file.close();
  const File read = File::open(folder / "x.h5");
  for (std::int64_t i = 0; i < 300; ++i) {
    EXPECT_EQ(read.read<std::int64_t>("columns/" + std::to_string(i) + "/values").at(0), i);
  }
}

TEST(Hdf5, AttributesCanBeReplaced) {
  const TemporaryFolder folder;
  File file = File::create(folder / "x.h5");
  file.set_attribute("a", "first");
  file.set_attribute("a", "second one");
  EXPECT_EQ(file.attribute("a"), "second one");
}

TEST(Hdf5, ErrorsNameTheFileAndTheReason) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.h5";
  EXPECT_NE(message_of([&] { File::open(path); }).find("No such file"), std::string::npos);
  publish_file(path, "these are no HDF5 bytes");
  EXPECT_NE(message_of([&] { File::open(path); }).find(path + "' is no HDF5 file"), std::string::npos);
  write_everything(path);
  const File file = File::open(path);
  EXPECT_NE(message_of([&] { (void)file.read<float>("nope"); }).find("'nope' of '" + path),
            std::string::npos);
  EXPECT_NE(message_of([&] { (void)file.read<float>("a/b/c"); }).find("another type"), std::string::npos);
  EXPECT_NE(message_of([&] { File::create(folder / "no/such/x.h5"); }).find("No such file"),
            std::string::npos);
}

// Whatever byte is cut off or altered: an Error or the values, never a crash.
TEST(Hdf5, DamagedFilesAreErrors) {
  const TemporaryFolder folder;
  write_everything(folder / "x.h5");
  const std::string whole = read_file(folder / "x.h5");
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 7) {
    std::ofstream(folder / "cut.h5") << whole.substr(0, size);
    EXPECT_THROW(File::open(folder / "cut.h5"), Error) << size;
  }
  for (std::size_t at = 0; at < 4000; at += 37) {
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ 0x55);
    std::ofstream(folder / "altered.h5") << altered;
    try {
      const File file = File::open(folder / "altered.h5");
      (void)file.read<std::int32_t>("a/b/c");
      (void)file.read_texts("texts");
      (void)file.attribute("long");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource) << error.message();
    }
  }
}

}  // namespace
}  // namespace millrace::hdf5
