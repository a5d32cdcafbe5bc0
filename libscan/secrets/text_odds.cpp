#include "libscan/secrets/text_odds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate::secrets {
namespace {

using regex::ByteSet;

// Bytes as the model tells them apart: a letter of either case, a digit, '_', '-', white space, anything else.
constexpr unsigned kDigit = 26, kUnderscore = 27, kDash = 28, kSpace = 29, kOther = 30;
constexpr std::size_t kSymbols = 31;

// Half bits: 'a' = 1, 'c' = 1/2, 'e' = 1/4 ... Counted over 33 MB of C, Java, JavaScript, Ruby and Python.
constexpr std::string_view kFirst = "knklimnmjsplmkjlrjjjmopoosilnff";
constexpr std::array<std::string_view, kSymbols> kNext = {
    "rkijspktkunhihukwhhfkmoonulnokj", "hnmmgporilpgnrintjlnhsrrktjkolg", "iqmqhpshkvjinpfnsjkglrutpvlkqki",
    "ionkeqqtitunmrhoskmnmqrppwljnfg", "kpjjmkmtpvtklhnmnghirlokqxnkngh", "ipnnkjoufutkppgntikljupqouklogh",
    "mnopfmnkgttmnklktijmkrssptnilgf", "gronesstgutqqqipunnjmtnumrmlnhg", "mniikjkvpwsjkehltlhgulvnxmpnrpk",
    "honngnppmpmpopimnofokpmpppkqnne", "llnpenlqjqppnnnoqojmmqorpqlhlhe", "hqpkfnrtgumirqhnvqkkiqsrkvmkmih",
    "fmnmfqqsiornjmihtpkmlrrqnumjojh", "jsjhhkhulvonqnipuqhglnuvpwqlngh", "onijqkmumsnjjfjjwfliinlquuqnpik",
    "hqmmgoqmivrhnshjthkijrqoovnknli", "oonnlpppoqpjmponpompeqppqqgiike", "iplmepluhwmnlkhqpkkjjnsqlwoknih",
    "mpkpgqpkiwnoopjjqojflspvnuplngg", "ismqgqsghxsoprinwillktpqkwnkmgh", "nkikimmskvuijhrjvgggtsumuulotnk",
    "fonnepprgspnmqipsqoorssrssjkklg", "gqnnhqqhfsqnmkhpqilorrnrrsmjoig", "hplnjlpqksspmqpirpnhprrmosfhkif",
    "onnqnrqsorrmmkkfsmjlprpsrqnikee", "innndpoolooojnlnoononooomnkomle", "oonoootqtutqsttroosntqtlurclohf",
    "jkhijjllisokjlkipihilmmrutllzrm", "llklkmoolrsmmnmlsmklonnqtsgzeig", "kmkmmmpokssomnmmtlkjnpnutxksncg",
    "mnlmnnnnmpqonnonqnlmoopqqrjrqec",
};

unsigned symbol(unsigned byte) {
  const char c = static_cast<char>(byte | 0x20);
  if (byte < 128 && c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a');
  if (byte >= '0' && byte <= '9') return kDigit;
  if (byte == '_') return kUnderscore;
  if (byte == '-') return kDash;
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? kSpace : kOther;
}

bool capital(unsigned byte) { return byte >= 'A' && byte <= 'Z'; }

// The part of a symbol's occurrences that are this very byte. Capitals keep together.
double share(unsigned byte, bool behind_capital) {
  const unsigned s = symbol(byte);
  if (s < kDigit) return capital(byte) == behind_capital ? (behind_capital ? 0.7 : 0.9) : (behind_capital ? 0.3 : 0.1);
  if (s == kDigit) return 0.1;
  if (s == kSpace) return byte == ' ' ? 0.8 : 0.07;
  return s == kOther ? 0.03 : 1;
}

double half_bits(char c) {
  static const std::array<double, 26> kValues = [] {
    std::array<double, 26> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::exp2(-0.5 * static_cast<double>(i));
    return values;
  }();
  return kValues[static_cast<std::size_t>(c - 'a')];
}

// Every byte's symbol, and its share without and behind a capital.
struct Byte {
  std::uint8_t symbol = 0;
  double share[2] = {};
};
const std::array<Byte, 256>& bytes() {
  static const std::array<Byte, 256> kBytes = [] {
    std::array<Byte, 256> all;
    for (unsigned c = 0; c < 256; ++c)
      all[c] = {static_cast<std::uint8_t>(symbol(c)), {share(c, false), share(c, true)}};
    return all;
  }();
  return kBytes;
}

// Letters make words, so the model takes common ones for rarer than they are. Words of credentials, as counted:
struct Word {
  std::string_view text;
  double odds;
};
constexpr Word kWords[] = {
    {"api", 1e-4},     {"app", 3e-4},        {"access", 4e-5},  {"account", 1e-5}, {"auth", 6e-5},    {"basic", 1e-5},
    {"cipher", 2e-5},  {"data", 4e-4},       {"default", 3e-4}, {"encrypt", 1e-5}, {"export", 1e-4},  {"file", 4e-4},
    {"host", 2e-4},    {"identifier", 6e-5}, {"key", 3e-4},     {"login", 1e-5},   {"pass", 6e-5},    {"line", 5e-4},
    {"node", 5e-4},    {"port", 4e-4},       {"sent", 1e-4},    {"space", 1e-4},   {"secret", 1e-5},  {"segment", 2e-5},
    {"session", 2e-5}, {"sign", 6e-5},       {"storage", 2e-5}, {"test", 3e-4},    {"token", 3e-5},   {"user", 2e-4},
    {"value", 2e-4},   {"val", 5e-4},        {"://", 3e-5},     {"http://", 4e-5}, {"https://", 2e-5}};

// The 400 most frequent threes of letters, each seen at 2 of 10 000 places or more.
constexpr double kFrequentOdds = 4e-4;
constexpr std::string_view kFrequent =
    "abl ace ach ack act add age ail ain ait ali all als alu ame amp anc and ang ant app ara are arg art ase ask ass "
    "ata atc ate ath ati att atu aul aut ave bas bit ble boo but cal can cas cat ces cha che cke cla cli clk clo clu "
    "cod col com con cor cou cre cri cti cur dat ddr def den dep der des dev dex din dir dis doc ead ear eat ect edi "
    "efa efi ele elf emo ena enc end ene ent eor epe equ era ere ern err ers ert erv ery esc eso esp ess est ete etu "
    "eve evi exa exp ext fau fer fie fig fil fin fix for fro fun gen get ght gin git gra han has hat hen her his htt "
    "ica ice ide ien ies ifi igh ign ile ime imp inc ind ine inf ing ini ins int ion ipt ire ist ite ith iti ity ive "
    "ize jec ken key las lat lea led len les lic lie lin lis llo loc log low lse lud lue lum mai man map mas mat max "
    "mem men mer mes met mit mod mpl mpo nal nam nce ncl nct nde ndi ned ner new nfi nfo nge nit nne nod not nse nsi "
    "nst nta nte nti ntr nts num obj ock ocs ode off oid oke ole olu omm omp one onf ons ont ool oot ope opt ord ore "
    "ori ork orm ort ory ost oun our out ove pac par pat pec pen peo per pin pla ple pli pon por pos ppl pre pri pro "
    "pti put que ram ran rat rce rea rec red ree ref reg rel rem ren rep req res ret rge rin rip rit riv rol rom roo "
    "rop ror rou rro rsi ruc scr sec sed sel ser set sho sig sin sio sit siz sol sou spe spo spr ssi sta ste sto str "
    "tab tai tar tat tch ted teg tem ten ter tes tex tha the thi tho tic tim tin tio tok tor tra tre tri tro tru ttp "
    "tur typ uct ude ues ull ult ume umn unc und unt urc ure urn use ust ute uth uti uto val var ven ver vic voi wai "
    "whe whi wit wor wri xam you ype";

unsigned lowest(const ByteSet& set) {
  for (unsigned c = 0; c < 256; ++c)
    if (set[c]) return c;
  return 0;
}

char lower(unsigned byte) { return static_cast<char>(capital(byte) ? byte | 0x20 : byte); }

// At least what is known of the whole text.
double known_odds(const std::string& text) {
  double odds = 0;
  if (text.size() == 3 && kFrequent.find(text) != kFrequent.npos) odds = kFrequentOdds;
  for (const Word& word : kWords)
    if (word.text.find(text) != word.text.npos) odds = std::max(odds, word.odds);
  return odds;
}

// Chance of one of the set where the model is at `row`.
double odds_of(const ByteSet& set, std::string_view row, bool behind_capital) {
  const auto& all = bytes();
  double sum = 0;
  std::size_t left = set.count();
  for (unsigned c = lowest(set); left > 0; ++c) {
    if (!set[c]) continue;
    sum += half_bits(row[all[c].symbol]) * all[c].share[behind_capital ? 1 : 0];
    --left;
  }
  return sum;
}

}  // namespace

double text_odds(const std::vector<ByteSet>& string) {
  double odds = 1;
  std::string text;  // as far as it is one
  bool literal = true;
  const ByteSet* before = nullptr;
  for (const ByteSet& set : string) {
    if (literal && set.count() > 2) {
      literal = false;
      odds = std::max(odds, known_odds(text));
    }
    const std::string_view row = before != nullptr ? kNext[symbol(lowest(*before))] : kFirst;
    const bool behind_capital = before != nullptr && before->count() == 1 && capital(lowest(*before));
    odds *= std::min(1.0, odds_of(set, row, behind_capital));
    before = &set;
    if (literal) text += lower(lowest(set));
  }
  return literal ? std::max(odds, known_odds(text)) : odds;
}

}  // namespace launchgate::secrets
