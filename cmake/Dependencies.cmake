# What must be installed; scripts/setup.sh installs it. Nothing here downloads.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package file; CMake's FindBoost is on its way out
endif()
find_package(Boost REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)

if(PIPEDIT_WITH_TORCH)
  include(Torch)
  include(Cuda)
  include(Ffmpeg)
endif()
