#include "cli/report/chart.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "cli/quantities.h"

namespace pipedit::cli::report {

namespace {

constexpr int kLabels = 130, kBar = 11, kStrip = 2 * kBar + 7, kAxis = 22;  // pixels
constexpr double kTooThin = 0.4, kLetter = 6.2;                             // pixels

constexpr const char* kStyle =
    "<style>text{font:11px system-ui,sans-serif;fill:#444}.g{stroke:#e3e5e8}.m{opacity:.6}</style>\n";

struct Scale {
  double pixels_per_nano;
  double x(Nanos t) const { return kLabels + pixels_per_nano * static_cast<double>(t.count()); }
};

// 1, 2 or 5 times a power of ten, so that about `wanted` steps make up the span.
Nanos tick(Nanos span, int wanted) {
  const double raw = std::max(1.0, static_cast<double>(span.count()) / wanted);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double step : {1.0, 2.0, 5.0})
    if (step * power >= raw) return Nanos{std::llround(step * power)};
  return Nanos{std::llround(10 * power)};
}

void append_key(std::string& out, const Key& key) {
  double x = 0;
  for (const auto& [meaning, index] : key) {
    out += fmt::format(R"(<rect x="{:.1f}" y="2" width="{}" height="{}" fill="{}"/><text x="{:.1f}" y="12">{}</text>)",
                       x, kBar, kBar, colour(index), x + kBar + 4, escaped(meaning));
    x += kBar + 20 + kLetter * static_cast<double>(meaning.size());
  }
  out += '\n';
}

void append_axis(std::string& out, const Scale& scale, Nanos span, int width, int top, int height) {
  const Nanos step = tick(span, std::max(4, width / 160));
  for (Nanos t{0}; t <= span; t += step)
    out += fmt::format(R"(<path class="g" d="M{0:.1f} {1}V{2}"/><text x="{0:.1f}" y="{3}">{4}</text>)"
                       "\n",
                       scale.x(t), top + kAxis - 4, height, top + 14, to_text(t));
}

std::vector<Bar> merged(const std::vector<Bar>& bars, const Scale& scale) {
  std::vector<Bar> drawn;
  for (const Bar& bar : bars) {
    const bool joins =
        !drawn.empty() && drawn.back().colour == bar.colour && scale.x(bar.end) - scale.x(drawn.back().end) < kTooThin;
    if (joins)
      drawn.back().end = std::max(drawn.back().end, bar.end);
    else
      drawn.push_back(bar);
  }
  return drawn;
}

void append_bars(std::string& out, const std::vector<Bar>& bars, const Scale& scale, int y, bool measured) {
  for (const Bar& bar : merged(bars, scale)) {
    const double x = scale.x(bar.start);
    const double width = std::max(kTooThin, scale.x(bar.end) - x);
    out +=
        fmt::format(R"(<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}"{}><title>{}: {} {}</title></rect>)"
                    "\n",
                    x, y, width, kBar, colour(bar.colour), measured ? R"( class="m")" : "", escaped(bar.title),
                    measured ? "measured" : "predicted", to_text(bar.end - bar.start));
  }
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string colour(int index) {
  constexpr std::array<const char*, 16> palette = {"#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7",
                                                   "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0", "#1f77b4", "#bcbd22",
                                                   "#d62728", "#17becf", "#7f7f7f", "#e377c2"};
  return palette[static_cast<std::size_t>(index) % palette.size()];
}

std::string svg(const std::vector<Strip>& strips, Nanos span, int width, const Key& key) {
  const int top = key.empty() ? 0 : kAxis;
  const int height = top + kAxis + static_cast<int>(strips.size()) * kStrip;
  const Scale scale{(width - kLabels - 60) / std::max(1.0, static_cast<double>(span.count()))};
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" style="background:#fff">)",
      width, height);
  out += kStyle;
  append_key(out, key);
  append_axis(out, scale, span, width, top, height);
  for (std::size_t i = 0; i < strips.size(); ++i) {
    const int y = top + kAxis + static_cast<int>(i) * kStrip;
    out += fmt::format("<text x=\"0\" y=\"{}\">{}</text>\n", y + kBar + 4, escaped(strips[i].label));
    append_bars(out, strips[i].predicted, scale, y, false);
    append_bars(out, strips[i].measured, scale, y + kBar + 1, true);
  }
  return out + "</svg>\n";
}

}  // namespace pipedit::cli::report
