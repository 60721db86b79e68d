#include "alerts/mail_message.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "base/encodings.hpp"
#include "base/text.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

AlertMessage message_about(const std::string& subject, const std::string& text = "text") {
  AlertMessage message{7,        std::string(32, 'a'),
                       "raised", {"cause", AlertLevel::kAlert, subject, text},
                       "run-1",  "2026-11-27T03:04:05.678Z"};
  return message;
}

std::string header_of(const std::string& mail) {
  return mail.substr(0, mail.find("\n\n"));
}

// The names of its fields, in order; what is folded belongs to the one before.
std::vector<std::string> fields_of(const std::string& mail) {
  std::vector<std::string> names;
  for (const std::string& line : split(header_of(mail), '\n')) {
    if (!line.starts_with(' ')) names.push_back(line.substr(0, line.find(':')));
  }
  return names;
}

TEST(MailMessage, IsWhatAMailerTakes) {
  const std::string mail =
      mail_message(message_about("tenure drifts"), "millrace@example.org", {"a@x.org", "B <b@x.org>"});
  EXPECT_EQ(header_of(mail),
            "From: millrace@example.org\n"
            "To: a@x.org,\n B <b@x.org>\n"
            "Subject: [millrace] alert: tenure drifts\n"
            "Date: Fri, 27 Nov 2026 03:04:05 +0000\n"
            "Message-ID: <" +
                std::string(32, 'a') +
                "@millrace.invalid>\n"
                "Auto-Submitted: auto-generated\n"
                "MIME-Version: 1.0\n"
                "Content-Type: text/plain; charset=UTF-8\n"
                "Content-Transfer-Encoding: base64");
}

// Whatever bytes an alert has, the header's fields are the same, its lines short and of plain characters.
TEST(MailMessage, NoDataReachesTheHeaderAsAField) {
  const auto expected = fields_of(mail_message(message_about("x"), "", {"a@x.org"}));
  std::minstd_rand random(3);
  std::vector<std::string> subjects{"x\nBcc: victim@example.org", "x\r\n\r\nbody",        "\r\n.\r\n",
                                    "=?UTF-8?Q?=0ABcc:_v?=",      std::string("\0\n", 2), "",
                                    std::string(5000, 'x'),       std::string(3000, '\n')};
  for (int i = 0; i < 300; ++i) {
    std::string bytes;
    for (auto n = random() % 200; n > 0; --n) bytes += static_cast<char>(random());
    subjects.push_back(bytes);
  }
  for (const std::string& subject : subjects) {
    AlertMessage message = message_about(subject, subject);
    message.alert.cause = message.run = subject;
    const std::string mail = mail_message(message, "", {"a@x.org"});
    EXPECT_EQ(fields_of(mail), expected) << quoted(subject);
    for (const std::string& line : split(mail, '\n')) {
      EXPECT_LE(line.size(), 78U);  // RFC 5322, 2.1.1
      for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << quoted(line);
    }
  }
}

TEST(MailMessage, WordsThatAreNotPlainAreEncodedInWholeCharacters) {
  EXPECT_EQ(mail_words("plain words"), "plain words");
  EXPECT_EQ(mail_words("Größe"), "=?UTF-8?B?R3LDtsOfZQ==?=");
  EXPECT_EQ(mail_words("a\nb"), "a b");
  for (int size = 0; size < 100; ++size) {
    std::string text;
    for (int i = 0; i < size; ++i) text += "日";
    std::string joined;
    if (size > 0) {
      for (const std::string& word : split(mail_words(text), '\n')) {
        EXPECT_LE(trim(word).size(), 75U);  // RFC 2047, 2
        joined += std::string(trim(word)).substr(10, trim(word).size() - 12);
      }
      EXPECT_EQ(joined.size() % 4, 0U);
      EXPECT_EQ(joined.find("77+9"), std::string::npos);  // U+FFFD: no character was cut
    }
  }
}

TEST(MailMessage, AddressesAreOneMailboxEach) {
  for (const auto& [given, written] :
       std::map<std::string, std::string>{{"ops@example.org", "ops@example.org"},
                                          {"root", "root"},
                                          {"Night watch <ops@example.org>", "Night watch <ops@example.org>"},
                                          {"Jürgen <j@x.de>", "=?UTF-8?B?SsO8cmdlbg==?= <j@x.de>"},
                                          {"Eve, Bcc: <e@x.de>", "=?UTF-8?B?RXZlLCBCY2M6?= <e@x.de>"},
                                          {"<e@x.de>", "e@x.de"}}) {
    EXPECT_EQ(mail_address(given, "to"), written);
  }
  for (const char* text :
       {"", " ", "a@x.de, b@x.de", "a@x.de\nBcc: b@x.de", "a@x.de\r", "@x", "a@", "a b@x.de", "-oQ/tmp@x.de",
        "Ops <a@x.de> <b@x.de>", "Ops <>", "ö@x.de", "\"a\"@x.de", "a@b@c"}) {
    try {
      (void)mail_address(text, "alerts.mail.to");
      ADD_FAILURE() << quoted(text);
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kWrongValue);
      EXPECT_TRUE(error.message().starts_with("alerts.mail.to: ")) << error.message();
    }
  }
}

TEST(MailMessage, ALineBreakInANameIsNoLineBreak) {
  EXPECT_EQ(mail_address("x\nBcc: v@x.de <a@x.de>", "to").find('\n'), std::string::npos);
}

}  // namespace
}  // namespace millrace
