set(MILLRACE_TEST_TIMEOUT 120)
if(MILLRACE_SANITIZE)
  set(MILLRACE_TEST_TIMEOUT 600)  # programs are several times slower
endif()
set(MILLRACE_MPIRUN "${CMAKE_SOURCE_DIR}/tests/support/mpirun")

# millrace_test(NAME SOURCES a.cpp ... LINKS target ...): one executable of GoogleTest tests, run once.
function(millrace_test NAME)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(test_${NAME} ${TEST_SOURCES})
  target_link_libraries(test_${NAME} PRIVATE millrace_test_support GTest::gtest_main ${TEST_LINKS})
  add_test(NAME ${NAME} COMMAND test_${NAME})
  set_tests_properties(${NAME} PROPERTIES TIMEOUT ${MILLRACE_TEST_TIMEOUT} LABELS core)
endfunction()

# millrace_mpi_test(NAME SOURCES a.cpp ... LINKS target ... [RANKS 1 2 3 4]): run under mpirun once for each number of ranks.
function(millrace_mpi_test NAME)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS;RANKS" ${ARGN})
  if(NOT TEST_RANKS)
    set(TEST_RANKS 1 2 3 4)
  endif()
  add_executable(test_${NAME} ${TEST_SOURCES} "${PROJECT_SOURCE_DIR}/tests/support/mpi_main.cpp")
  target_link_libraries(test_${NAME} PRIVATE millrace_test_support millrace::comm ${TEST_LINKS})
  foreach(ranks ${TEST_RANKS})
    add_test(NAME ${NAME}_n${ranks} COMMAND "${MILLRACE_MPIRUN}" ${ranks} $<TARGET_FILE:test_${NAME}>)
    set_tests_properties(${NAME}_n${ranks} PROPERTIES TIMEOUT ${MILLRACE_TEST_TIMEOUT} LABELS core PROCESSORS 2)
  endforeach()
endfunction()
