#include "cli/report/page.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/compare_text.h"
#include "cli/quantities.h"
#include "cli/report/strips.h"

namespace pipedit::cli::report {

namespace {

constexpr const char* kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:1240px;margin:2em auto;padding:0 1em;color:#1b1e23}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}"
    "table{border-collapse:collapse}th,td{padding:.2em 1em .2em 0;text-align:right;border-bottom:1px solid #e3e5e8}"
    "th:first-child,td:first-child{text-align:left}.wide{overflow-x:auto;border:1px solid #e3e5e8;padding:.5em}"
    ".key span{display:inline-block;margin-right:1.2em;white-space:nowrap}"
    ".key i{display:inline-block;width:.8em;height:.8em;margin-right:.4em}";

std::string row(const KindError& kind) {
  return fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td>{}\n", escaped(kind.kind), kind.count, to_text(kind.predicted),
                     to_text(kind.measured), percent(kind.median_error));
}

std::string table(const Comparison& comparison) {
  std::string text = "<table><tr><th>kind<th>tasks<th>predicted, all<th>measured, all<th>median error\n";
  for (const KindError& kind : comparison.by_kind) text += row(kind);
  return text + "</table>\n";
}

std::string key(const Chart& chart) {
  std::string text = "<p class=key>";
  for (const auto& [meaning, index] : chart.colours)
    text += fmt::format("<span><i style=\"background:{}\"></i>{}</span>", colour(index), escaped(meaning));
  return text + "</p>\n";
}

// Wide enough that a task is a few pixels, and never narrower than the page.
int width_of(const Chart& chart) {
  const auto lanes = std::max<std::size_t>(1, chart.strips.size());
  return static_cast<int>(std::clamp<std::size_t>(8 * chart.bars / lanes, 1200, 12000));
}

std::string drawn(const Chart& chart, int width) {
  if (chart.strips.empty()) return "<p>Nothing to draw.</p>\n";
  return key(chart) + "<div class=wide>" + svg(chart.strips, chart.span, width) + "</div>\n";
}

}  // namespace

std::string html_page(const Timeline& predicted, const Timeline& measured, const Comparison& comparison) {
  const int step = middle_step(measured);
  const Chart one_step = chart_of_step(predicted, measured, step);
  std::string page = "<!doctype html>\n<html lang=en><meta charset=utf-8><title>" + escaped(measured.plan) +
                     ": predicted and measured</title>\n<style>" + kStyle + "</style>\n";
  page += fmt::format("<h1>{}: predicted and measured</h1>\n<p>{}</p>\n", escaped(measured.plan),
                      escaped(summary_of(comparison)));
  page += "<h2>By kind of task</h2>\n" + table(comparison);
  page += "<h2>The whole run</h2>\n<p>Each rank: predicted above, measured below, paler.</p>\n" +
          drawn(chart_of_run(predicted, measured), 1200);
  page += fmt::format(
              "<h2>Step {} of the first request</h2>\n<p>Each rank and lane: predicted above, measured below, "
              "paler.</p>\n",
              step) +
          drawn(one_step, width_of(one_step));
  return page + "</html>\n";
}

std::string picture(const Timeline& predicted, const Timeline& measured) {
  const Chart chart = chart_of_run(predicted, measured);
  return svg(chart.strips, chart.span, 1200, chart.colours);
}

}  // namespace pipedit::cli::report
