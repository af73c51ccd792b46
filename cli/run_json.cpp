#include "cli/json_answers.h"
#include "core/json.h"

namespace pipedit::cli {

std::string json_of(const RunAnswer& ran) {
  Json answer = Json::object();
  answer["plan"] = ran.measured.plan;
  answer["makespan_ns"] = ran.measured.makespan.count();
  answer["counts_text_encoding"] = false;
  answer["finished_before"] = ran.finished_before;
  answer["requests"] = Json::array();
  for (std::size_t i = 0; i < ran.numbers.size(); ++i)
    answer["requests"].push_back({{"request", ran.numbers[i]},
                                  {"start_ns", ran.measured.requests[i].start.count()},
                                  {"end_ns", ran.measured.requests[i].end.count()},
                                  {"video", ran.videos[i].string()}});
  answer["memory"] = Json::array();
  for (const MemoryUse& use : ran.memory) {
    Json entry = {{"device", use.device},
                  {"predicted_peak_bytes", use.predicted.value},
                  {"measured_peak_bytes", use.measured.value},
                  {"driver_peak_bytes", use.by_driver.value},
                  {"parts", Json::object()}};
    for (const auto& [name, size] : use.parts) entry["parts"][name] = size.value;
    answer["memory"].push_back(std::move(entry));
  }
  return to_text(answer);
}

}  // namespace pipedit::cli
