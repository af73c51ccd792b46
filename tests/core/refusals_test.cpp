#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "core/cluster.h"
#include "core/error.h"
#include "core/plan.h"
#include "core/profile.h"
#include "core/timeline.h"
#include "core/workload.h"
#include "tests/core/temporary_folder.h"

namespace pipedit {
namespace {

const std::string kCluster = R"({"format": "pipedit.cluster", "version": 1, "name": "two",
  "devices": [{"name": "G", "kind": "gpu", "count": 2, "slots": 1, "memory_bytes": 1000, "reserved_bytes": 10,
    "rates": {"matrix_flops_per_s": 1e12, "memory_bytes_per_s": 1e11, "gemm_efficiency": 0.5, "attention_efficiency": 0.5,
      "convolution_efficiency": 0.5, "memory_efficiency": 0.5, "multiprocessors": 10, "launch_ns": 5, "task_ns": 3}}],
  "links": [{"a": "gpu0", "b": "gpu1", "bandwidth_bytes_per_s": 1e9, "latency_ns": 7}],
  "host_to_device_bytes_per_s": 1e9, "transfer_start_ns": 9, "transport": "peer"})";

const std::string kWorkload = R"({"format": "pipedit.workload", "version": 1, "name": "w",
  "shapes": [{"width": 64, "height": 32, "frames": 9, "steps": 3, "text_tokens": 8}],
  "requests": [{"count": 2, "shape": 0, "arrival_ns": 5, "prompt": "p"}, {"arrival_ns": 6}]})";

const std::string kPlan = R"({"name": "pipesp", "pipelines": [{"denoise": [0, 1], "decode": [0, 1], "chunks": [2, 1],
  "fill": true, "memory": "resident"}], "transport": "peer"})";

const std::string kProfile = R"({"format": "pipedit.profile", "version": 1, "model": "m", "machine": {"cpu": "c"},
  "device": "cpu", "sharing_loss": 1.0, "contention": [{"kind": "gemm", "transport": "host", "factor": 1.1}],
  "points": [{"kind": "gemm", "dims": [1, 2], "busy": 1, "median_ns": 5, "low_ns": 4, "high_ns": 6, "count": 3},
             {"kind": "gemm", "dims": [1, 3], "busy": 1, "median_ns": 5, "low_ns": 4, "high_ns": 6, "count": 3}]})";

const std::string kTimeline = R"({"format": "pipedit.timeline", "version": 1, "source": "simulated", "plan": "p",
  "makespan_ns": 10, "steps": 1, "steps_reused": 0, "provenance": {"exact": 1}, "actors": ["a"],
  "requests": [{"request": 0, "start_ns": 0, "end_ns": 10}], "ranks": [{"busy_ns": 4, "peak_bytes": 8}],
  "segments": [{"name": "s", "tasks": {"names": ["t"], "kinds": ["k"], "lanes": ["compute"], "ranks": [0]}}],
  "patterns": [{"calls": {"segments": [0], "blocks": [-1]},
    "spans": {"calls": [0], "tasks": [0], "start_steps_ns": [1], "durations_ns": [4]}}],
  "occurrences": {"actors": [0], "units": ["step"], "requests": [0], "ordinals": [0], "steps": [0], "alternatives": [0],
    "patterns": [0], "starts_ns": [0], "durations_ns": [9]}})";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string refusal(const std::function<void()>& read) {
  try {
    read();
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

struct Bad {
  std::string from, to, message;
};

template <class Parse>
void expect_refusals(Parse parse, const std::string& good, const std::vector<Bad>& table) {
  EXPECT_EQ(refusal([&] { parse(good); }), "accepted");
  for (const Bad& bad : table)
    EXPECT_EQ(refusal([&] { parse(with(good, bad.from, bad.to)); }), bad.message) << bad.from << " -> " << bad.to;
}

TEST(Refusals, OfHeadersAndSyntax) {
  expect_refusals(parse_cluster, kCluster,
                  {{"pipedit.cluster", "pipedit.plan", R"(/format: expected "pipedit.cluster", got "pipedit.plan")"},
                   {"\"version\": 1", "\"version\": 2", "/version: this program reads versions 1 to 1, the file has 2"},
                   {"\"version\": 1", "\"version\": \"1\"", "/version: expected an integer, got string"},
                   {"\"version\": 1,", "", "/version: missing"},
                   {"{\"format\"", "[\"format\"", "not valid JSON at line 1, column 10"},
                   {"\"gpu0\"", "\"gpu0", "not valid JSON at line 5, column 27"},
                   {"1e12", "1e999", "not valid JSON: number overflow parsing '1e999'"},
                   {"\"two\"", std::string(70, '['), "brackets nest deeper than 64"}});
  EXPECT_EQ(refusal([] { parse_cluster(""); }), "not valid JSON at line 1, column 1");
  EXPECT_EQ(refusal([] { parse_cluster("[1]"); }), "/: expected an object, got array");
}

TEST(Refusals, OfKeysThatAreGivenTwice) {
  expect_refusals(parse_cluster, kCluster,
                  {{"\"slots\": 1", "\"slots\": 1, \"slots\": 1", "/devices/0/slots: given twice"}});
  expect_refusals(parse_workload, kWorkload,
                  {{"\"frames\": 9", "\"frames\": 9, \"frames\": 5", "/shapes/0/frames: given twice"}});
  expect_refusals(parse_plan, kPlan,
                  {{"\"fill\": true", "\"fill\": true, \"fill\": false", "/pipelines/0/fill: given twice"}});
  expect_refusals(parse_profile, kProfile,
                  {{"\"model\": \"m\"", "\"model\": \"m\", \"model\": \"n\"", "/model: given twice"}});
  expect_refusals(parse_timeline, kTimeline,
                  {{"\"blocks\": [-1]", "\"blocks\": [-1], \"blocks\": [0]", "/patterns/0/calls/blocks: given twice"}});
}

TEST(Refusals, OfClusters) {
  expect_refusals(
      parse_cluster, kCluster,
      {{"\"slots\": 1", "\"slots\": -3", "/devices/0/slots: expected 1 to 1024, got -3"},
       {"\"slots\": 1", "\"slots\": -99999999999999999999", "/devices/0/slots: too large"},
       {"\"slots\": 1", "\"slots\": 1.5", "/devices/0/slots: expected an integer, got a fraction"},
       {"\"slots\"", "\"slotz\"", "/devices/0/slotz: unknown key"},
       {"\"count\": 2", "\"count\": 99999999", "/devices/0/count: expected 1 to 1024, got 99999999"},
       {"\"memory_bytes\": 1000", "\"memory_bytes\": 0",
        "/devices/0/memory_bytes: expected 1 to 1125899906842624, got 0"},
       {"\"memory_bytes\": 1000", "\"memory_bytes\": 18446744073709551615", "/devices/0/memory_bytes: too large"},
       {"\"reserved_bytes\": 10", "\"reserved_bytes\": 1001",
        "/devices/0/reserved_bytes: expected 0 to 1000, got 1001"},
       {"1e12", "0", "/devices/0/rates/matrix_flops_per_s: expected 1 to 1e+18, got 0"},
       {"\"gemm_efficiency\": 0.5", "\"gemm_efficiency\": 1.5",
        "/devices/0/rates/gemm_efficiency: expected 1e-06 to 1, got 1.5"},
       {"\"task_ns\": 3", "\"task_ms\": 3", "/devices/0/rates/task_ns: missing"},
       {"\"kind\": \"gpu\"", "\"kind\": \"tpu\"", R"(/devices/0/kind: expected cpu or gpu, got "tpu")"},
       {"\"a\": \"gpu0\"", "\"a\": \"gpu2\"", "/links/0/a: there is no device gpu2 (gpu0 to gpu1)"},
       {"\"a\": \"gpu0\"", "\"a\": \"gpu1\"", "/links/0/b: a link has two different ends"},
       {"\"a\": \"gpu0\"", "\"a\": \"\"", "/links/0/a: expected a name"},
       {"\"latency_ns\": 7", "\"latency_ns\": -7", "/links/0/latency_ns: expected 0 to 1000000000, got -7"},
       {"\"peer\"", "\"pear\"", R"(/transport: expected host, peer, nccl or staged, got "pear")"},
       {"\"peer\"", "\"host\"", "/transport: host is for CPUs: expected peer, nccl or staged"},
       {"\"kind\": \"gpu\"", "\"kind\": \"cpu\"", "/transport: CPU ranks use host"},
       {"\"peer\"", "\"peer\", \"a\\nb\": 1", "/a?b: unknown key"}});
  const std::string none = R"({"format": "pipedit.cluster", "version": 1, "name": "n", "devices": []})";
  EXPECT_EQ(refusal([&] { parse_cluster(none); }), "/devices: expected at least one device");
}

TEST(Refusals, OfWorkloads) {
  expect_refusals(
      parse_workload, kWorkload,
      {{"\"width\": 64", "\"width\": 65", "/shapes/0/width: expected a multiple of 16, got 65"},
       {"\"height\": 32", "\"height\": 0", "/shapes/0/height: expected 16 to 16384, got 0"},
       {"\"frames\": 9", "\"frames\": 10", "/shapes/0/frames: expected 4k + 1 (1, 5, 9 ..), got 10"},
       {"\"frames\": 9", "\"frames\": 4294967305",
        "/shapes/0/frames: expected -2147483647 to 2147483647, got 4294967305"},
       {"\"steps\": 3", "\"steps\": 0", "/shapes/0/steps: expected 1 to 10000, got 0"},
       {"\"text_tokens\": 8", "\"text_tokens\": 0", "/shapes/0/text_tokens: expected 1 to 65536, got 0"},
       {"\"shape\": 0", "\"shape\": 1", "/requests/0/shape: there are 1 shapes, got 1"},
       {"\"arrival_ns\": 6", "\"arrival_ns\": 4", "/requests/2/arrival_ns: before the request in front of it (5 ns)"},
       {"\"count\": 2", "\"count\": 100001", "/requests/0/count: expected 1 to 100000, got 100001"},
       {"\"count\": 2", "\"count\": 100000", "/requests/1/count: more than 100000 requests in all"},
       {"\"prompt\": \"p\"", "\"prompt\": 7", "/requests/0/prompt: expected a string, got number"}});
}

TEST(Refusals, OfPlans) {
  expect_refusals(
      parse_plan, kPlan,
      {{"\"denoise\": [0, 1]", "\"denoise\": [0, -1]", "/pipelines/0/denoise/1: expected 0 to 65535, got -1"},
       {"\"denoise\": [0, 1]", "\"denoise\": 0", "/pipelines/0/denoise: expected an array, got number"},
       {"[2, 1]", "[2, 0]", "/pipelines/0/chunks/1: expected 1 to 1024, got 0"},
       {"true", "1", "/pipelines/0/fill: expected true or false, got number"},
       {"resident", "disk", R"(/pipelines/0/memory: expected resident or offload, got "disk")"},
       {"\"fill\"", "\"ful\"", "/pipelines/0/ful: unknown key"},
       {"\"pipelines\"", "\"pipeline\"", "/pipelines: missing"}});
}

TEST(Refusals, OfProfiles) {
  expect_refusals(parse_profile, kProfile,
                  {{"{\"cpu\": \"c\"}", "{\"cpu\": 1}", "/machine/cpu: expected a string, got number"},
                   {"\"sharing_loss\": 1.0", "\"sharing_loss\": 0", "/sharing_loss: expected 1 to 100, got 0"},
                   {"1.1", "-1", "/contention/0/factor: expected 0.5 to 100, got -1"},
                   {"\"low_ns\": 4", "\"low_ns\": 6", "/points/0/low_ns: expected 0 to 5, got 6"},
                   {"\"high_ns\": 6", "\"high_ns\": 4", "/points/0/high_ns: expected 5 to 1000000000000000, got 4"},
                   {"[1, 2]", "[1, \"2\"]", "/points/0/dims/1: expected an integer, got string"},
                   {"[1, 2]", "[1, -2]", "/points/0/dims/1: expected 0 to 4611686018427387903, got -2"},
                   {"[1, 2]", "[1, 3]", "/points/1: expected points sorted by kind, dims and busy, each once"},
                   {"[1, 2]", "[1, 4]", "/points/1: expected points sorted by kind, dims and busy, each once"}});
}

TEST(Refusals, OfTimelines) {
  expect_refusals(parse_timeline, kTimeline,
                  {{"\"steps_reused\": 0", "\"steps_reused\": 2", "/steps_reused: expected 0 to 1, got 2"},
                   {"{\"exact\": 1}", "{\"exakt\": 1}", "/provenance/exakt: unknown key"},
                   {"{\"exact\": 1}", "{\"interpolated\": 1}", "/provenance/interpolated: unknown key"},
                   {"\"end_ns\": 10", "\"end_ns\": -1", "/requests/0/end_ns: expected 0 to 100000000000000000, got -1"},
                   {"\"ranks\": [0]", "\"ranks\": [1]", "/segments/0/tasks/ranks/0: expected 0 to 0, got 1"},
                   {"\"names\": [\"t\"]", "\"names\": []",
                    "/segments/0/tasks/kinds: expected 0 values as in the first column, got 1"},
                   {"\"segments\": [0]", "\"segments\": [1]", "/patterns/0/calls/segments/0: expected 0 to 0, got 1"},
                   {"\"calls\": [0]", "\"calls\": [1]", "/patterns/0/spans/calls/0: expected 0 to 0, got 1"},
                   {"\"tasks\": [0]", "\"tasks\": [1]", "/patterns/0/spans/tasks/0: its segment has 1 tasks, got 1"},
                   {"\"start_steps_ns\": [1]", "\"start_steps_ns\": [1e3]",
                    "/patterns/0/spans/start_steps_ns/0: expected an integer, got a fraction"},
                   {"\"durations_ns\": [4]", "\"durations_ns\": [-4]",
                    "/patterns/0/spans/durations_ns/0: expected 0 to 100000000000000000, got -4"},
                   {"\"actors\": [0]", "\"actors\": [1]", "/occurrences/actors/0: expected 0 to 0, got 1"},
                   {"\"patterns\": [0]", "\"patterns\": [1]", "/occurrences/patterns/0: expected 0 to 0, got 1"},
                   {"\"units\": [\"step\"]", "\"units\": [7]", "/occurrences/units/0: expected a string, got number"}});
}

TEST(Refusals, NameTheFileAsTheUserWroteIt) {
  EXPECT_EQ(refusal([] { read_cluster("no/such.json"); }), "no/such.json: No such file or directory");
  EXPECT_EQ(refusal([] { read_workload("."); }), ".: is a folder, not a file");
  const TemporaryFolder folder;
  const std::string path = folder / "refused.cluster.json";
  std::ofstream(path) << with(kCluster, "\"slots\": 1", "\"slots\": -3");
  EXPECT_EQ(refusal([&] { read_cluster(path); }), path + ": /devices/0/slots: expected 1 to 1024, got -3");
}

}  // namespace
}  // namespace pipedit
