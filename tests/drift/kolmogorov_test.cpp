// Against the definitions, by enumeration and by chance, and against figures of scipy 1.17.
#include "drift/kolmogorov.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "drift/comparison_tests.hpp"
#include "drift/distributions.hpp"

namespace millrace {
namespace {

// Over all ways in which m values of one sample and n of another can be ordered.
double enumerated_p(double distance, std::uint64_t m, std::uint64_t n) {
  std::vector<int> order(m + n, 1);
  std::fill(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(m), 0);
  double all = 0;
  double far = 0;
  do {
    double largest = 0;
    double x = 0;
    double y = 0;
    for (const int sample : order) {
      (sample == 0 ? x : y) += 1;
      largest = std::max(largest, std::abs(x / static_cast<double>(m) - y / static_cast<double>(n)));
    }
    all += 1;
    far += largest >= distance - 1e-12 ? 1 : 0;
  } while (std::ranges::next_permutation(order).found);
  return far / all;
}

TEST(Kolmogorov, ExactProbabilityIsTheShareOfAllOrders) {
  for (const auto& [m, n] : {std::pair{3, 4}, {5, 5}, {2, 7}, {6, 4}}) {
    for (int step = 1; step < m * n; ++step) {
      const double distance = step / static_cast<double>(m * n);
      const auto a = static_cast<std::uint64_t>(m);
      const auto b = static_cast<std::uint64_t>(n);
      // Only distances that occur are asked for: others are rounded to the nearest possible one.
      if (step % std::gcd(m, n) != 0) continue;
      EXPECT_NEAR(exact_two_sample_ks_p(distance, a, b), enumerated_p(distance, a, b), 1e-12)
          << m << ' ' << n << ' ' << distance;
    }
  }
}

TEST(Kolmogorov, IsSymmetric) {
  EXPECT_DOUBLE_EQ(exact_two_sample_ks_p(0.31, 30, 47), exact_two_sample_ks_p(0.31, 47, 30));
}

// For n = 1 the distance is max(u, 1 − u) of an even spread: P(D >= d) = 2 (1 − d).
TEST(Kolmogorov, OneValue) {
  for (const double d : {0.55, 0.7, 0.99}) EXPECT_NEAR(one_sample_ks_p(d, 1), 2 * (1 - d), 1e-12);
  EXPECT_EQ(one_sample_ks_p(0.5, 1), 1);
}

// The methods meet where one follows on another.
TEST(Kolmogorov, HasNoStepsWhereMethodsChange) {
  for (const std::uint64_t n : {100, 140, 141, 500, 5000}) {
    double before = 1;
    for (int i = 1; i < 2000; ++i) {
      const double d = i / 2000.0;
      const double p = one_sample_ks_p(d, n);
      EXPECT_LE(p, before * (1 + 1e-5) + 1e-12) << n << ' ' << d;
      before = p;
    }
  }
}

struct Known {
  double distance;
  std::uint64_t n;
  double p;
};

TEST(Kolmogorov, AsScipySays) {
  for (const Known& known :
       {Known{0.158114, 10, 0.9316941612417273},        Known{0.221359, 10, 0.6351997139158603},
        Known{0.284605, 10, 0.32761741633576213},       Known{0.347851, 10, 0.13840782797707873},
        Known{0.411096, 10, 0.04834718961527684},       Known{0.474342, 10, 0.013775570244261015},
        Known{0.600833, 10, 0.0005543236710803723},     Known{0.758947, 10, 1.6608361364794438e-06},
        Known{0.05, 100, 0.9532159710635725},           Known{0.07, 100, 0.6846706791645845},
        Known{0.09, 100, 0.37063202558632835},          Known{0.11, 100, 0.16496264039321845},
        Known{0.13, 100, 0.06209234069876253},          Known{0.15, 100, 0.019839242125643017},
        Known{0.19, 100, 0.0012339926382722768},        Known{0.24, 100, 1.488314509256825e-05},
        Known{0.4, 100, 5.947617451361663e-15},         Known{0.042258, 140, 0.9548747414766289},
        Known{0.059161, 140, 0.6886288592958287},       Known{0.076064, 140, 0.3739393956761818},
        Known{0.092967, 140, 0.16690824603743865},      Known{0.10987, 140, 0.06303492905219976},
        Known{0.126773, 140, 0.020227335500874386},     Known{0.160579, 140, 0.0012747805546156651},
        Known{0.202837, 140, 1.5844331580273546e-05},   Known{0.338062, 140, 8.902258978044528e-15},
        Known{0.042108, 141, 0.9549059542978692},       Known{0.058951, 141, 0.6887027440601403},
        Known{0.075794, 141, 0.37399881339660324},      Known{0.092637, 141, 0.1669432470276453},
        Known{0.10948, 141, 0.0630523512899801},        Known{0.126323, 141, 0.02023429465406797},
        Known{0.160009, 141, 0.0012755022280143485},    Known{0.202116, 141, 1.5863265255768167e-05},
        Known{0.336861, 141, 8.965201387622733e-15},    Known{0.028868, 300, 0.9577503689571512},
        Known{0.040415, 300, 0.6956002588656776},       Known{0.051962, 300, 0.37974646593789885},
        Known{0.063509, 300, 0.17029095911482728},      Known{0.075056, 300, 0.06465015880675185},
        Known{0.086603, 300, 0.020880632923890086},     Known{0.109697, 300, 0.0013409985268605564},
        Known{0.138564, 300, 1.736979122534183e-05},    Known{0.23094, 300, 1.5021011436594067e-14},
        Known{0.015811, 1000, 0.9605699279029597},      Known{0.022136, 1000, 0.702578494489174},
        Known{0.02846, 1000, 0.385570859634797},        Known{0.034785, 1000, 0.1736340050455677},
        Known{0.04111, 1000, 0.06621226963097959},      Known{0.047434, 1000, 0.02149973919903526},
        Known{0.060083, 1000, 0.001400286119288055},    Known{0.075895, 1000, 1.864632639091796e-05},
        Known{0.126491, 1000, 2.0897913124007513e-14},  Known{0.007071, 5000, 0.9624380160862855},
        Known{0.009899, 5000, 0.7073938920145779},      Known{0.012728, 5000, 0.38948810681156765},
        Known{0.015556, 5000, 0.17590362987163632},     Known{0.018385, 5000, 0.0672502630209244},
        Known{0.021213, 5000, 0.02190237401601625},     Known{0.02687, 5000, 0.0014364554429487128},
        Known{0.033941, 5000, 1.9368909990167005e-05},  Known{0.056569, 5000, 2.386194917189898e-14},
        Known{0.001118, 200000, 0.9637165700233393},    Known{0.001565, 200000, 0.7107997602512517},
        Known{0.002012, 200000, 0.39250123485881516},   Known{0.00246, 200000, 0.1773142109673147},
        Known{0.002907, 200000, 0.06794258812609377},   Known{0.003354, 200000, 0.022174296524148904},
        Known{0.004249, 200000, 0.0014571003931429741}, Known{0.005367, 200000, 1.974979588799707e-05},
        Known{0.008944, 200000, 2.5213336197177102e-14}}) {
    EXPECT_NEAR(one_sample_ks_p(known.distance, known.n), known.p, 1e-7 * known.p)
        << known.distance << ' ' << known.n;
  }
}

struct KnownPair {
  double distance;
  std::uint64_t m;
  std::uint64_t n;
  double p;
};

TEST(Kolmogorov, OfTwoSamplesAsScipySays) {
  for (const KnownPair& known : {KnownPair{0.27666666666666667, 50, 60, 0.024843872544205798},
                                 KnownPair{0.15, 200, 200, 0.0220923622208589},
                                 KnownPair{0.036333333333333336, 1000, 3000, 0.2721261761325271},
                                 KnownPair{0.0319, 1000, 10000, 0.307879321907284},
                                 KnownPair{0.03561428571428571, 700, 20000, 0.34966338069688874},
                                 KnownPair{0.029960000000000098, 1000, 100000, 0.3300260199756243},
                                 KnownPair{0.013379999999999947, 30000, 50000, 0.002406995938665409},
                                 KnownPair{0.6303, 9, 10000, 0.0005479601225001782}}) {
    EXPECT_NEAR(two_sample_ks_p(known.distance, known.m, known.n), known.p, 1e-7 * known.p)
        << known.distance << ' ' << known.m << ' ' << known.n;
  }
}

}  // namespace
}  // namespace millrace
