#include <gmock/gmock.h>

#include <map>

#include "cli/devices_text.h"
#include "cli/machine/gpu_cluster.h"
#include "cli/machine/gpu_models.h"
#include "cli/machine/gpu_warnings.h"
#include "cli/machine/library_versions.h"
#include "core/cluster.h"

namespace pipedit::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Gpu h100() {
  Gpu gpu;
  gpu.name = "NVIDIA H100 80GB HBM3";
  gpu.memory = gpu.free = Bytes{85'520'809'984};
  gpu.multiprocessors = 132;
  gpu.major = 9;
  gpu.pcie_generation = gpu.most_pcie_generation = 5;
  gpu.pcie_width = gpu.most_pcie_width = 16;
  gpu.most_clock_mhz = 1980;
  gpu.memory_clock_mhz = 2619;
  gpu.memory_bus_bits = 5120;
  return gpu;
}

// `nvlinks` between each two neighbours 0-1, 2-3, ..; the first half of the GPUs on one socket.
Gpus box(int count, Gpu gpu, int nvlinks = 0) {
  Gpus here;
  for (int i = 0; i < count; ++i) {
    here.gpus.push_back(gpu);
    for (int j = 0; j < i; ++j)
      here.pairs.push_back({.a = j,
                            .b = i,
                            .peer_access = true,
                            .nvlinks = i % 2 == 1 && j == i - 1 ? nvlinks : 0,
                            .ancestor = 2 * j / count == 2 * i / count ? Ancestor::socket : Ancestor::machine});
  }
  return here;
}

const char* nothing(const char*) { return nullptr; }

double narrowest(const Cluster& cluster, int from, int to) {
  double rate = 1e18;
  for (const Direction direction : path_between(cluster, DeviceId{from}, DeviceId{to}))
    rate = std::min(rate, cluster.links[static_cast<std::size_t>(direction) / 2].bandwidth.value);
  return rate;
}

TEST(GpuCluster, OfOneGpuHasNoLinks) {
  const Cluster cluster = gpu_cluster(box(1, h100()));
  ASSERT_EQ(cluster.devices.size(), 1);
  EXPECT_EQ(cluster.devices[0].name, "H100");
  EXPECT_EQ(cluster.devices[0].memory, Bytes{85'520'809'984});
  EXPECT_EQ(cluster.devices[0].rates.multiprocessors, 132);
  EXPECT_THAT(cluster.links, IsEmpty());
  EXPECT_EQ(parse_cluster(write_cluster(cluster)), cluster);
}

TEST(GpuCluster, WithASwitchHasEachGpuOnIt) {
  Gpu gpu = h100();
  gpu.nvlinks_to_switch = 18;
  const Cluster cluster = gpu_cluster(box(8, gpu));
  EXPECT_EQ(cluster.links.size(), 8);
  EXPECT_EQ(narrowest(cluster, 0, 7), 450e9);
  EXPECT_EQ(cluster.transport, Transport::peer);
  EXPECT_EQ(parse_cluster(write_cluster(cluster)), cluster);
}

TEST(GpuCluster, WithPairsGoesOverPcieElsewhere) {
  Gpu gpu = h100();
  gpu.name = "NVIDIA RTX A6000", gpu.major = 8, gpu.minor = 6;
  gpu.most_pcie_generation = 4;
  const Cluster cluster = gpu_cluster(box(8, gpu, 4));
  EXPECT_EQ(narrowest(cluster, 0, 1), 4 * 14.0625e9);
  EXPECT_NEAR(narrowest(cluster, 1, 2), 0.8 * 31.5e9, 0.1e9);  // one socket
  EXPECT_EQ(narrowest(cluster, 3, 4), 20e9);                   // between sockets
  EXPECT_EQ(parse_cluster(write_cluster(cluster)), cluster);
}

TEST(GpuCluster, WithoutPeerAccessUsesNccl) {
  Gpus here = box(2, h100());
  here.pairs[0].peer_access = false;
  EXPECT_EQ(gpu_cluster(here).transport, Transport::nccl);
  EXPECT_THAT(warnings_about(here, nothing), ElementsAre(HasSubstr("GPUs 0 and 1 cannot reach")));
}

TEST(GpuModel, IsKnownByTheDriversName) {
  EXPECT_EQ(model_of(h100()).rates.memory.value, 3.35e12);
  Gpu pcie = h100();
  pcie.name = "NVIDIA H100 PCIe";
  EXPECT_EQ(model_of(pcie).rates.matrix.value, 756e12);
  EXPECT_FALSE(model_of(pcie).estimated);
}

// What the table says of an H100, from what any driver tells.
TEST(GpuModel, ThatIsNotKnownIsEstimated) {
  Gpu gpu = h100();
  gpu.name = "NVIDIA Unheard Of";
  gpu.most_clock_mhz = 1830;
  const GpuModel model = model_of(gpu);
  EXPECT_TRUE(model.estimated);
  EXPECT_EQ(model.name, "NVIDIA Unheard Of");
  EXPECT_NEAR(model.rates.matrix.value, 989e12, 2e12);
  EXPECT_NEAR(model.rates.memory.value, 3.35e12, 0.01e12);
  EXPECT_THAT(gpu_cluster(box(1, gpu)).source, HasSubstr("an estimate"));
}

TEST(GpuModel, NvlinksAreOfItsGeneration) {
  const auto rate = [](int major, int minor) {
    Gpu gpu = h100();
    gpu.major = major, gpu.minor = minor;
    return nvlink_rate(gpu).value;
  };
  EXPECT_EQ(rate(6, 0), 20e9);
  EXPECT_EQ(rate(7, 0), 25e9);
  EXPECT_EQ(rate(8, 0), 25e9);
  EXPECT_EQ(rate(9, 0), 25e9);
  EXPECT_EQ(rate(10, 0), 50e9);
}

TEST(GpuWarnings, AreNoneForASoundMachine) { EXPECT_THAT(warnings_about(box(2, h100()), nothing), IsEmpty()); }

TEST(GpuWarnings, SayWhatToDo) {
  Gpus here = box(1, h100());
  here.gpus[0].uncorrected_errors = 3;
  here.gpus[0].throttle_reasons = 0x40 | 0x04;  // hot; at its power limit, which is how it should run
  here.gpus[0].pcie_width = 8;
  here.gpus[0].free = Bytes{here.gpus[0].memory.value / 2};
  here.gpus[0].persistent = false;
  EXPECT_THAT(warnings_about(here, nothing),
              ElementsAre("GPU 0 had 3 uncorrected memory errors: reset it, and have it replaced if more come.",
                          "GPU 0 is too hot and slows itself down: improve its cooling.",
                          "GPU 0 uses 8 of its 16 PCIe lanes: look at its slot, riser or cable.",
                          "GPU 0 has 39.8 GiB of 79.6 GiB free: end what else uses it (nvidia-smi).",
                          HasSubstr("nvidia-smi -pm 1")));
}

TEST(GpuWarnings, NameSettingsThatSlowARunDown) {
  const std::map<std::string, const char*> set = {{"NCCL_P2P_DISABLE", "1"}, {"CUDA_DEVICE_MAX_CONNECTIONS", "8"}};
  const auto environment = [&](const char* name) { return set.contains(name) ? set.at(name) : nullptr; };
  EXPECT_THAT(warnings_about(box(1, h100()), environment),
              ElementsAre(HasSubstr("NCCL_P2P_DISABLE"), HasSubstr("CUDA_DEVICE_MAX_CONNECTIONS is 8")));
}

TEST(Devices, NamesTheWayBetweenGpus) {
  Machine machine;
  machine.gpus = box(2, h100(), 4);
  const std::string text = text_of(machine, {"something"});
  EXPECT_THAT(text, HasSubstr("NVIDIA H100 80GB HBM3"));
  EXPECT_THAT(text, testing::ContainsRegex("0-1 +NVLink x4 +yes"));
  EXPECT_THAT(text, HasSubstr("warning  something\n"));
}

TEST(LibraryVersions, AreWrittenInANumber) {
  EXPECT_EQ(cudnn_version(91900), "9.19.0");
  EXPECT_EQ(cudnn_version(8907), "8.9.7");
  EXPECT_EQ(nccl_version(22807), "2.28.7");
  EXPECT_EQ(cuda_version(13000), "13.0");
}

}  // namespace
}  // namespace pipedit::cli
