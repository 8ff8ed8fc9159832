#include "store/store_file.hpp"

#include "store_path.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <fstream>
#include <string>
#include <vector>

namespace framewire::store_file_tests {
namespace {

using namespace std::chrono_literals;
using outcome = added_message::outcome;
using tests::store_path;

constexpr store_time noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 29) + 12h};

store_file opened(const store_path& at, bool accepts_loss = false) {
    auto file = store_file::open(at.text(), false, accepts_loss);
    EXPECT_TRUE(file) << file.error().words;
    return std::move(*file);
}

std::string refusal(const store_path& at, bool must_exist = false) {
    const auto file = store_file::open(at.text(), must_exist);
    return file ? "opened" : file.error().words;
}

void store_all(store_file& file, const std::vector<std::string>& payloads, store_time at = noon) {
    ASSERT_TRUE(file.begin());
    for (const auto& one : payloads) ASSERT_TRUE(file.add(one, {}, at));
    ASSERT_TRUE(file.commit());
}

std::vector<std::string> texts(store_file& file, std::uint64_t from = 1) {
    std::vector<std::string> all;
    EXPECT_TRUE(file.read(from, [&](const stored_message& one) {
        all.push_back(std::to_string(one.offset) + ' ' + std::string(one.payload));
        return true;
    }));
    return all;
}

void write(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
}

TEST(store_file, numbers_what_it_stores_and_has_it_again) {
    const store_path at("numbers");
    const std::string binary("\0\xff", 2);
    {
        auto file = opened(at);
        EXPECT_EQ(file.first(), file.next());
        store_all(file, {"a", "", binary});
        EXPECT_EQ(4U, file.next());
    }
    auto file = opened(at);
    EXPECT_EQ(1U, file.first());
    EXPECT_EQ(4U, file.next());
    EXPECT_EQ((std::vector<std::string>{"1 a", "2 ", "3 " + binary}), texts(file));
    EXPECT_EQ((std::vector<std::string>{"3 " + binary}), texts(file, 3));
    EXPECT_EQ("", file.verify().value());
}

TEST(store_file, what_is_rolled_back_is_not_stored) {
    const store_path at("rolled_back");
    auto file = opened(at);
    store_all(file, {"a"});
    ASSERT_TRUE(file.begin());
    ASSERT_TRUE(file.add("b", "id", noon));
    file.roll_back();
    store_all(file, {"c"});
    EXPECT_EQ((std::vector<std::string>{"1 a", "2 c"}), texts(file));
    ASSERT_TRUE(file.begin());
    EXPECT_EQ(outcome::stored, file.add("b", "id", noon)->what);
    ASSERT_TRUE(file.commit());
}

TEST(store_file, an_id_is_stored_once) {
    const store_path at("ids");
    auto file = opened(at);
    ASSERT_TRUE(file.begin());
    EXPECT_EQ(outcome::stored, file.add("a", "1", noon)->what);
    const auto repeated = file.add("a", "1", noon);
    EXPECT_EQ(outcome::repeated, repeated->what);
    EXPECT_EQ(1U, repeated->offset);
    EXPECT_EQ(outcome::conflict, file.add("b", "1", noon)->what);
    EXPECT_EQ(outcome::conflict, file.add("", "1", noon)->what);
    EXPECT_EQ(2U, file.add("b", "2", noon)->offset);
    EXPECT_EQ(3U, file.add("a", {}, noon)->offset);
    ASSERT_TRUE(file.commit());
    EXPECT_EQ((std::vector<std::string>{"1 a", "2 b", "3 a"}), texts(file));
}

TEST(store_file, finds_the_first_since_a_time) {
    const store_path at("times");
    auto file = opened(at);
    for (int i = 0; i < 5; ++i) store_all(file, {"a", "b"}, noon + i * 1h);
    EXPECT_EQ(1U, file.find(noon - 1h).value());
    EXPECT_EQ(1U, file.find(noon).value());
    EXPECT_EQ(3U, file.find(noon + 1us).value());
    EXPECT_EQ(9U, file.find(noon + 4h).value());
    EXPECT_EQ(11U, file.find(noon + 5h).value());
}

TEST(store_file, numbers_continue_when_nothing_is_kept) {
    const store_path at("trimmed");
    {
        auto file = opened(at);
        store_all(file, {"a", "b", "c"});
        ASSERT_TRUE(file.begin());
        EXPECT_EQ(2U, file.trim({.messages_max = 0, .age_max = 1s}, 2, noon + 1h).value());
        ASSERT_TRUE(file.commit());
        EXPECT_EQ(3U, file.first());
        ASSERT_TRUE(file.begin());
        EXPECT_EQ(1U, file.trim({.age_max = 1s}, 9, noon + 1h).value());
        EXPECT_EQ(0U, file.trim({.age_max = 1s}, 9, noon + 1h).value());
        ASSERT_TRUE(file.commit());
    }
    auto file = opened(at);
    EXPECT_EQ(4U, file.first());
    EXPECT_EQ(4U, file.next());
    store_all(file, {"d"});
    EXPECT_EQ((std::vector<std::string>{"4 d"}), texts(file));
    EXPECT_EQ("", file.verify().value());
}

TEST(store_file, keeps_so_many_or_so_much) {
    const store_path at("kept");
    auto file = opened(at);
    store_all(file, std::vector<std::string>(100, std::string(10'000, 'x')));
    ASSERT_TRUE(file.begin());
    EXPECT_EQ(40U, file.trim({.messages_max = 60}, 1000, noon).value());
    EXPECT_EQ(0U, file.trim({.bytes_max = 64'000'000}, 1000, noon).value());
    const auto before = file.used_bytes().value();
    EXPECT_EQ(10U, file.trim({.bytes_max = 100'000}, 10, noon).value());
    ASSERT_TRUE(file.commit());
    EXPECT_LT(file.used_bytes().value(), before);
    EXPECT_GT(file.free_bytes().value(), 100'000U);
    EXPECT_EQ(51U, file.first());
}

TEST(store_file, remembers_what_consumers_have_confirmed) {
    const store_path at("consumers");
    {
        auto file = opened(at);
        EXPECT_FALSE(file.confirmed("billing").value());
        ASSERT_TRUE(file.confirm("billing", 7));
        ASSERT_TRUE(file.confirm("billing", 9));
        ASSERT_TRUE(file.confirm("audit", 1));
    }
    auto file = opened(at);
    EXPECT_EQ(9U, file.confirmed("billing").value());
    EXPECT_EQ(1U, file.confirmed("audit").value());
}

TEST(store_file, belongs_to_one_process) {
    const store_path at("locked");
    const auto file = opened(at);
    EXPECT_EQ("cannot open " + at.text() + ": store.busy: another process has opened " + at.text(),
              refusal(at));
}

TEST(store_file, is_made_unless_it_must_exist) {
    const store_path at("missing");
    EXPECT_EQ("cannot open " + at.text() + ": no such file or directory", refusal(at, true));
    EXPECT_NE(0, ::access(at.mark().c_str(), F_OK));
}

TEST(store_file, refuses_what_is_no_store) {
    const store_path at("no_store");
    write(at.text(), "");
    EXPECT_TRUE(refusal(at).ends_with("store.corrupt: the file is empty")) << refusal(at);
    write(at.text(), std::string(8192, 'x'));
    EXPECT_TRUE(refusal(at).ends_with("store.corrupt: file is not a database")) << refusal(at);
    ::unlink(at.text().c_str());
    auto other = sqlite_database::open(at.text(), sqlite_database::access::created);
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->execute("CREATE TABLE precious(x)"));
    EXPECT_TRUE(refusal(at).ends_with("store.corrupt: it is not a store of messages"));
    EXPECT_EQ("delete", other->text("PRAGMA journal_mode").value());
    EXPECT_NE(0, ::access(at.mark().c_str(), F_OK)) << "nothing is made beside it";
}

TEST(store_file, refuses_one_that_has_lost_messages) {
    const store_path at("lost");
    {
        auto file = opened(at);
        store_all(file, {"a"});
    }
    std::ifstream whole(at.text(), std::ios::binary);
    const std::string before{std::istreambuf_iterator<char>(whole), {}};
    {
        auto file = opened(at);
        store_all(file, {"b"});
    }
    write(at.text(), before);
    EXPECT_TRUE(
        refusal(at).ends_with("store.corrupt: it has messages up to 1, but 2 were stored "
                              "and acknowledged (--accept-loss uses it nevertheless)"))
        << refusal(at);
    {
        auto file = opened(at, true);
        EXPECT_EQ(2U, file.next());
    }
    ::unlink(at.text().c_str());
    EXPECT_NE(std::string::npos, refusal(at).find("the file is gone")) << refusal(at);
}

TEST(store_file, a_mark_of_which_a_part_was_written_does_not_count) {
    const store_path at("torn");
    {
        auto file = opened(at);
        store_all(file, {"a"});
        store_all(file, {"b"});
    }
    std::fstream mark(at.mark(), std::ios::binary | std::ios::in | std::ios::out);
    mark.seekp(7);
    mark << "99999";
    mark.close();
    auto file = opened(at);
    EXPECT_EQ(3U, file.next());
}

TEST(store_file, copies_its_log_when_that_is_large) {
    const store_path at("logged");
    auto file = opened(at);
    EXPECT_FALSE(file.checkpoint_above(0).value());
    store_all(file, std::vector<std::string>(100, std::string(4096, 'x')));
    EXPECT_FALSE(file.checkpoint_above(1000).value());
    EXPECT_TRUE(file.checkpoint_above(100).value());
    EXPECT_FALSE(file.checkpoint_above(0).value());
    store_all(file, {"a"});
    EXPECT_TRUE(file.checkpoint_above(0).value());
}

TEST(store_file, gives_free_pages_back_bit_by_bit) {
    const store_path at("compacted");
    auto file = opened(at);
    EXPECT_FALSE(file.compact(100).value());
    store_all(file, std::vector<std::string>(500, std::string(50'000, 'x')));
    ASSERT_TRUE(file.begin());
    ASSERT_EQ(499U, file.trim({.messages_max = 1}, 1000, noon).value());
    ASSERT_TRUE(file.commit());
    const auto before = file.free_bytes().value();
    EXPECT_TRUE(file.compact(100).value());
    EXPECT_LT(file.free_bytes().value(), before);
    EXPECT_EQ("", file.verify().value());
}

}  // namespace
}  // namespace framewire::store_file_tests
