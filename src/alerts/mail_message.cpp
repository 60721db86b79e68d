#include "alerts/mail_message.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <ctime>

#include <fmt/chrono.h>

#include "base/encodings.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kLine = 76;        // RFC 2045, 6.8
constexpr std::size_t kWordBytes = 33;   // with "Subject: " its line has 76 characters at most (RFC 2047, 2)
constexpr std::size_t kPlainWords = 60;  // what is shorter needs no folding

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

std::string without_controls(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

// Pieces of whole characters, which is what an encoded word must hold.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces(1);
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (pieces.back().size() + length > kWordBytes) pieces.emplace_back();
    pieces.back() += text.substr(0, length);
    text.remove_prefix(length);
  }
  return pieces;
}

std::string encoded_words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string& piece : pieces_of(text)) words.push_back("=?UTF-8?B?" + base64(piece) + "?=");
  return join(words, "\n ");
}

// A mailbox on this machine or another; no address literals, no quoted names (RFC 5322, 3.4.1).
bool is_mailbox(std::string_view text) {
  const auto at = text.find('@');
  const auto is_atom = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) {
      return is_printable(c) && std::string_view(" ()<>[]:;,\"\\@").find(c) == std::string_view::npos;
    });
  };
  if (text.starts_with('-')) return false;  // to a mailer it is an option
  return is_atom(text.substr(0, at)) && (at == std::string_view::npos || is_atom(text.substr(at + 1)));
}

std::string in_lines(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += kLine) lines += fmt::format("{}\n", text.substr(i, kLine));
  return lines;
}

// RFC 5322, 3.3.
std::string mail_date(const std::string& time) {
  const auto seconds = static_cast<std::time_t>(std::floor(parse_rfc3339(time)));
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(seconds));
}

std::string mail_subject(const AlertMessage& message) {
  const std::string what =
      message.status == "raised" ? std::string(to_string(message.alert.level)) : message.status;
  return mail_words(fmt::format("[millrace] {}: {}", what, message.alert.subject));
}

std::string mail_text(const AlertMessage& message) {
  const Alert& alert = message.alert;
  std::string text = alert.text + "\n\n";
  text += fmt::format("cause   {}\nlevel   {}\nstatus  {}\ntime    {}\n", alert.cause, to_string(alert.level),
                      message.status, message.time);
  if (!message.run.empty()) text += fmt::format("run     {}\n", message.run);
  if (alert.details.empty()) return text;
  return text + "\n" + alert.details.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string mail_words(std::string_view text) {
  const std::string clean = without_controls(as_utf8(text));
  const bool plain = clean.size() <= kPlainWords && std::ranges::all_of(clean, is_printable) &&
                     clean.find("=?") == std::string::npos;
  return plain ? clean : encoded_words(clean);
}

std::string mail_address(const std::string& text, const std::string& key) {
  const auto open = text.find('<');
  const bool named = open != std::string::npos && text.ends_with('>');
  std::string box = named ? text.substr(open + 1, text.size() - open - 2) : text;
  if (!is_mailbox(box)) {
    throw Error(Topic::kWrongValue,
                "{}: {} is no address: write NAME@HOST or WORDS <NAME@HOST>, one an entry", key,
                millrace::quoted(text, 200));
  }
  const std::string_view name = trim(named ? std::string_view(text).substr(0, open) : std::string_view());
  if (name.empty()) return box;
  const bool plain = name.size() <= kPlainWords && std::ranges::all_of(name, [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == ' ';
                     });
  return fmt::format("{} <{}>", plain ? std::string(name) : encoded_words(without_controls(as_utf8(name))),
                     box);
}

std::string mail_message(const AlertMessage& message, const std::string& from,
                         const std::vector<std::string>& to) {
  std::string text = from.empty() ? "" : fmt::format("From: {}\n", from);
  text += fmt::format("To: {}\n", join(to, ",\n "));
  text += fmt::format("Subject: {}\n", mail_subject(message));
  text += fmt::format("Date: {}\n", mail_date(message.time));
  text += fmt::format("Message-ID: <{}@millrace.invalid>\n", message.id);
  text +=
      "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
      "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64\n\n";
  return text + in_lines(base64(as_utf8(mail_text(message))));
}

}  // namespace millrace
