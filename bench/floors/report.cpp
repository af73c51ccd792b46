#include "bench/floors/report.h"

#include <fmt/format.h>

namespace pipedit::bench {

namespace {

double milliseconds(Nanos time) { return static_cast<double>(time.count()) * 1e-6; }

std::string list(const char* title, const char* unit, double scale, const std::vector<Rate>& rates) {
  std::string text = fmt::format("{:<60} {:>10}\n", title, unit);
  for (const Rate& rate : rates)
    text += fmt::format("  {:<58} {:>10.1f}{}\n", rate.what, rate.per_second / scale,
                        rate.per_second == best(rates).per_second ? "  best" : "");
  return text;
}

std::string row(const std::string& name, int tasks, Nanos time, Nanos floor) {
  const double ratio = floor.count() > 0 ? milliseconds(time) / milliseconds(floor) : 0;
  return fmt::format("  {:<26} {:>6} {:>12.3f} {:>12.3f} {:>7.2f}\n", name, tasks, milliseconds(time),
                     milliseconds(floor), ratio);
}

std::string unit_text(const UnitReport& unit) {
  std::string text =
      fmt::format("  {:<26} {:>6} {:>12} {:>12} {:>7}\n", unit.unit, "tasks", "time_ms", "floor_ms", "ratio");
  Nanos between = unit.time;
  int tasks = 0;
  for (const KindSum& kind : unit.kinds) {
    text += row(kind.kind, kind.tasks, kind.time, kind.floor);
    between -= kind.time;
    tasks += kind.tasks;
  }
  text += row("between tasks", 0, between, Nanos{0});
  text += row("total", tasks, unit.time, unit.floor);
  if (unit.traffic.count() > 0)
    text += row("total over convolutions and traffic", tasks, unit.time, unit.floor + unit.traffic);
  const bool met = unit.ratio() <= unit.target;
  return text + fmt::format("  target {:.1f}: {}\n", unit.target, met ? "met" : "missed");
}

}  // namespace

std::string rates_text(const Rates& rates) {
  return list("products", "TFLOP/s", 1e12, rates.products) + list("attention", "TFLOP/s", 1e12, rates.attention) +
         list("convolutions", "TFLOP/s", 1e12, rates.convolutions) +
         list("copies, read and written", "GB/s", 1e9, rates.copies);
}

std::string shape_text(const ShapeReport& report) {
  return fmt::format("# {}x{}x{}, {} text tokens: one step, then the decode\n", report.shape.width, report.shape.height,
                     report.shape.frames, report.shape.text_tokens) +
         unit_text(report.step) + unit_text(report.decode) +
         fmt::format("  temporaries: {:.2f} GiB held at most, {:.2f} GiB predicted\n",
                     static_cast<double>(report.temporaries.value) / (1 << 30),
                     static_cast<double>(report.predicted.value) / (1 << 30));
}

}  // namespace pipedit::bench
