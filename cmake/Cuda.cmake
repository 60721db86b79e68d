# Whether CUDA code is built: MILLRACE_HAS_CUDA, and if so the language CUDA and CUDA::cudart_static. Nothing else of
# Millrace needs a CUDA compiler, and no machine needs a GPU to build.
set(MILLRACE_CUDA AUTO CACHE STRING
    "Build the CUDA kernels: AUTO where a CUDA compiler is found, also in /usr/local/cuda; ON: it must be; OFF")
set_property(CACHE MILLRACE_CUDA PROPERTY STRINGS AUTO ON OFF)
set(MILLRACE_HAS_CUDA OFF)
if(NOT MILLRACE_CUDA)
  message(STATUS "CUDA kernels: off (MILLRACE_CUDA is ${MILLRACE_CUDA})")
  return()
endif()

# Machine code for A100, H100/H200 and B100/B200, and the last one's PTX for what comes after. Said before the language
# is enabled: CMake 3.25 would try its own default, which CUDA 13 no longer knows.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES "80-real;90-real;100" CACHE STRING "GPU architectures to generate code for")
endif()

# check_language tries a compiler in a project of its own, which sees only the environment.
find_program(MILLRACE_NVCC nvcc PATHS /usr/local/cuda/bin DOC "The CUDA compiler")
if(MILLRACE_NVCC AND NOT DEFINED ENV{CUDACXX})
  set(ENV{CUDACXX} "${MILLRACE_NVCC}")
endif()
string(REGEX REPLACE ";.*" "" ENV{CUDAARCHS} "${CMAKE_CUDA_ARCHITECTURES}")
include(CheckLanguage)
check_language(CUDA)

if(CMAKE_CUDA_COMPILER)
  enable_language(CUDA)
  find_package(CUDAToolkit REQUIRED)
  set(MILLRACE_HAS_CUDA ON)
  set(CMAKE_CUDA_STANDARD 20)
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  set(CMAKE_CUDA_EXTENSIONS OFF)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")  # CMake 3.25 does not know that nvcc has it
  endif()
  set(CMAKE_CUDA_FLAGS_RELEASE "-O3 -DNDEBUG")
  if(CCACHE)
    set(CMAKE_CUDA_COMPILER_LAUNCHER "${CCACHE}")
  endif()
  # NCCL's header alone: the library is loaded when two GPUs are there (src/training/cuda/nccl_library.hpp).
  find_path(NCCL_INCLUDE_DIR nccl.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
  message(STATUS "CUDA kernels: on (CUDA ${CMAKE_CUDA_COMPILER_VERSION}, architectures ${CMAKE_CUDA_ARCHITECTURES})")
else()
  set(reason "no working CUDA compiler in PATH, CUDACXX or /usr/local/cuda/bin; CMakeFiles/CMakeError.log has details")
  if(NOT MILLRACE_CUDA STREQUAL "AUTO")
    message(FATAL_ERROR "MILLRACE_CUDA is ${MILLRACE_CUDA}, but there is ${reason}")
  endif()
  message(STATUS "CUDA kernels: off (${reason})")
endif()
