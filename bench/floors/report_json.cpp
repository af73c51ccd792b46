#include "bench/floors/report.h"
#include "core/file.h"
#include "core/json.h"

namespace pipedit::bench {

namespace {

Json json_of(const char* key, const std::vector<Rate>& rates) {
  Json list = Json::array();
  for (const Rate& rate : rates) list.push_back({{"what", rate.what}, {key, rate.per_second}});
  return list;
}

Json json_of(const UnitReport& unit) {
  Json kinds = Json::array();
  for (const KindSum& kind : unit.kinds)
    kinds.push_back(
        {{"kind", kind.kind}, {"tasks", kind.tasks}, {"time_ns", kind.time.count()}, {"floor_ns", kind.floor.count()}});
  return {{"unit", unit.unit},
          {"time_ns", unit.time.count()},
          {"floor_ns", unit.floor.count()},
          {"traffic_ns", unit.traffic.count()},
          {"ratio", unit.ratio()},
          {"target", unit.target},
          {"kinds", kinds}};
}

Json json_of(const ShapeReport& report) {
  return {{"width", report.shape.width},
          {"height", report.shape.height},
          {"frames", report.shape.frames},
          {"text_tokens", report.shape.text_tokens},
          {"step", json_of(report.step)},
          {"decode", json_of(report.decode)},
          {"temporaries_bytes", report.temporaries.value},
          {"predicted_workspace_bytes", report.predicted.value}};
}

}  // namespace

void write_report(const std::filesystem::path& path, const Origin& origin, const Rates& rates,
                  const std::vector<ShapeReport>& shapes) {
  Json json = header("pipedit.floors", 1);
  json["card"] = origin.card;
  json["date"] = origin.date;
  json["commit"] = origin.commit;
  json["command"] = origin.command;
  json["products"] = json_of("flops_per_second", rates.products);
  json["attention"] = json_of("flops_per_second", rates.attention);
  json["convolutions"] = json_of("flops_per_second", rates.convolutions);
  json["copies"] = json_of("bytes_per_second", rates.copies);
  json["shapes"] = Json::array();
  for (const ShapeReport& shape : shapes) json["shapes"].push_back(json_of(shape));
  write_file(path, to_text(json));
}

}  // namespace pipedit::bench
