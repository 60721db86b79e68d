#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kFilesEntries = std::to_array<TopicEntry>({
    {Topic::kMissingFile, ExitCode::kResource, "missing-file", "A file that does not exist",
     "there is no file 'data/chrun.csv' (did you mean 'churn.csv'?)",
     "The path names nothing. Relative paths in a configuration start at its file, those on the command "
     "line at the current folder. Every rank needs the file: on a cluster, it must be on a shared file "
     "system.",
     "Correct the path. For public data the message says where to get it and which variable names its "
     "folder."},
    {Topic::kNoMatchingFile, ExitCode::kResource, "no-matching-file",
     "A folder or a pattern without source files",
     "the folder 'data' holds no *.csv, *.h5 or *.hdf5, plain or packed (.gz, .zst)",
     "A folder as data.source means all *.csv, *.h5 and *.hdf5 in it, plain or packed (.gz, .zst); a pattern "
     "means what it matches. There are none.",
     "Name the folder that holds the files, or a pattern that matches them ('data/day-*.csv')."},
    {Topic::kNotAFile, ExitCode::kResource, "not-a-file", "Something that is no regular file",
     "'data/churn.csv' is no regular file",
     "The path is a folder, a device, a pipe or a socket where a plain file is needed. Sources are read "
     "twice (for their digest, and for their rows), which a pipe cannot offer.",
     "Name a file; what comes from a pipe can be given to rank 0 as its standard input (data.source: '-')."},
    {Topic::kPermissionDenied, ExitCode::kResource, "permission-denied", "A file that may not be used",
     "cannot open 'data/churn.csv': Permission denied (rank 2 of 4)",
     "The account may not read or write the file, or may not enter its folder. With a rank's number, only "
     "that rank is concerned: nodes may mount the file system differently or know other groups.",
     "Change the rights (ls -l shows them), or use another folder; for the workspace: --workspace DIR."},
    {Topic::kOpenFiles, ExitCode::kResource, "open-files", "Too many open files",
     "cannot open 'data/churn.csv': Too many open files",
     "The process, or the machine, has as many files open as its limit allows.",
     "Raise the limit (ulimit -n shows it), or give the server fewer --max-connections."},
    {Topic::kInputOutput, ExitCode::kResource, "input-output", "A disk or file system that fails",
     "cannot read 'data/churn.csv': Input/output error",
     "The operating system could not read or write for a reason that no other entry has: a disk that is "
     "failing, a network file system that is away, a path that is too long.",
     "Look at the machine's log (dmesg) and at the mount. A run that ended so can be run again: it goes "
     "on from what is complete."},
    {Topic::kFileChanged, ExitCode::kResource, "file-changed", "A source that changed while it was read",
     "'data/churn.csv' changed while it was read",
     "The file grew, shrank, was replaced or vanished between two looks at it, or ranks on different "
     "nodes saw different sizes. Nothing of it is used: a dataset is made of files that stand still.",
     "Wait until the file is complete, then run again. Writers should write under another name and rename."},
    {Topic::kNamedTwice, ExitCode::kUsage, "named-twice", "A file that data.source names twice",
     "'data/churn.csv' is named twice, or once more packed or unpacked: its rows would count twice",
     "Two entries of data.source lead to the same file, or to a file and its packed copy.",
     "Leave one of them out."},
    {Topic::kUnknownKind, ExitCode::kUsage, "unknown-kind", "An address of an unknown kind",
     "'ftp://host/churn.csv' is an address of a kind that is not read: sources are files, s3://, https:// or "
     "http:// addresses, or '-'",
     "What stands before :// in data.source names a protocol, and not one of those.",
     "Correct the address; or fetch the file by other means and name it."},
    {Topic::kMissingSource, ExitCode::kResource, "missing-source", "An object that does not exist",
     "there is no 's3://bucket/churn.csv' (404 NoSuchKey: The specified key does not exist.)",
     "The server was reached and has no such bucket or object, or nothing that matches the prefix or "
     "pattern.",
     "Correct the address; keys are case-sensitive. See whether data.s3.endpoint and data.s3.region are "
     "those of "
     "the bucket."},
    {Topic::kDeniedSource, ExitCode::kResource, "denied-source", "An object that may not be read",
     "'s3://bucket/churn.csv' may not be read (403 SignatureDoesNotMatch: The request signature does not "
     "match.)",
     "The server was reached and refused: a wrong key, one that has expired, or one without the right to "
     "list "
     "the bucket or to read the object. A clock that is wrong by minutes has the same effect.",
     "See whether AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or data.s3.access_key and data.s3.secret_key) "
     "are "
     "those of an account that may read the bucket; for a public one set data.s3.anonymous: true."},
    {Topic::kUnreachableSource, ExitCode::kResource, "unreachable-source", "A server that does not answer",
     "cannot fetch 's3://bucket/churn.csv': Could not connect to server (5 attempts)",
     "The server could not be reached, or it answered again and again with an error of its own or less than "
     "it had promised.",
     "See whether the address (of the source, data.s3.endpoint, --mlflow) and the network are right. Then "
     "run "
     "again. data.transfer has the number of attempts and the times."},
    {Topic::kUnknownPacking, ExitCode::kUsage, "unknown-packing", "A packed file of an unknown kind",
     "'data/churn.csv.xz' is packed in a way that is not read: unpack it, or pack it with gzip or zstd",
     "Sources are plain or packed with gzip or zstd.", "Unpack the file, or pack it with gzip or zstd."},
    {Topic::kTruncatedPacking, ExitCode::kDataRejected, "truncated-packing", "A packed file that was cut off",
     "'data/churn.csv.gz' is cut off: gzip data ends at byte 4096 before it is complete; get the whole "
     "file",
     "The file ends in the middle of its packed data, as after a broken transfer. None of its rows are "
     "used.",
     "Get the file again; gzip -t and zstd -t tell whether it is whole."},
    {Topic::kDamagedPacking, ExitCode::kDataRejected, "damaged-packing", "A packed file with wrong bytes",
     "'data/churn.csv.gz' is damaged: gzip data with incorrect data check at byte 4096; get it again",
     "The packed data does not unpack, its check does not match, or something else follows it.",
     "Get the file again; gzip -t and zstd -t tell whether it is whole."},
    {Topic::kDamagedTable, ExitCode::kDataRejected, "damaged-table", "An HDF5 file with wrong bytes",
     "'data/churn.h5' is no HDF5 file, or is damaged: truncated file: eof = 4096, sblock->base_addr = 0, "
     "stored_eof = 8192; get it again",
     "HDF5 cannot open the file or read some of its values: it is cut off, overwritten or of another kind. "
     "None "
     "of its rows are used.",
     "Get the file again; h5dump -H tells what HDF5 makes of it."},
    {Topic::kWhichTable, ExitCode::kUsage, "which-table", "A table that has to be named",
     "'data/churn.h5' holds 2 tables: name one in data.table: /customers, /orders",
     "An HDF5 file may hold several tables: groups with one dataset a column, or compound datasets. Where "
     "there is more than one, or data.table names something else, none is taken. data.table and "
     "data.valid_suffix are for HDF5 files alone, data.names is for CSV files.",
     "Set data.table to one of the paths that the message lists."},
    {Topic::kColumnOfTable, ExitCode::kDataRejected, "column-of-table",
     "A column of values that are not read",
     "'data/churn.h5', column 'place': its rows hold an array, which is not read; leave it out in "
     "data.drop",
     "Columns are integers, reals, booleans or texts, with one value a row, and all of the same length; in "
     "this "
     "file, and packed by HDF5's own filters (gzip, shuffle, szip, fletcher32) if at all.",
     "Leave the column out (data.drop), or write it as one of these; h5repack -f NONE takes filters off."},
    {Topic::kWrongEncoding, ExitCode::kDataRejected, "wrong-encoding", "A file that is not UTF-8",
     "'churn.csv' line 1: the name of column 8 is no UTF-8: 'Stra\\xdfe'; set data.encoding (latin-1, "
     "windows-1252)",
     "A column's name is no UTF-8, the header holds NUL bytes as UTF-16 has them, the file begins like "
     "UTF-32, or its bytes or byte order mark are not of data.encoding. Single values that are no UTF-8 are "
     "rejected with their record instead.",
     "Set data.encoding to what the file is written in; of what is not among its choices: iconv -f FROM -t "
     "UTF-8."},
    {Topic::kEmptyFile, ExitCode::kDataRejected, "empty-file", "A file without a byte",
     "'data/churn.csv' is empty",
     "No file that data.source names has a header or a row. An empty file beside others that have rows is "
     "left out.",
     "Find out why the export wrote nothing."},
    {Topic::kNoRows, ExitCode::kDataRejected, "no-rows", "A header and nothing else",
     "'churn.csv' holds a header and no rows", "The files have a header or blank lines, and no record.",
     "Find out why the export wrote no rows; without a header line set data.header: false."},
    {Topic::kUnsoundHeader, ExitCode::kDataRejected, "unsound-header", "A first line that is no header",
     "'data/churn.csv' line 1: 'sep=;' is a spreadsheet's note and no header; remove this line, and set "
     "data.delimiter",
     "The first record cannot be a header: a spreadsheet's note, broken quotes, or a length over "
     "data.block_bytes.",
     "Remove or mend the line; see whether data.delimiter and data.quote are right."},
    {Topic::kUnnamedColumn, ExitCode::kDataRejected, "unnamed-column", "A column without a name",
     "'data/churn.csv' line 1: column 1 has no name; name it there, or give all names in data.names",
     "The header has an empty field. Index columns of exported data frames look so.",
     "Name the column in the file (or export without the index); or set data.names for all columns, with "
     "data.header: false and the header line removed."},
    {Topic::kDuplicateColumn, ExitCode::kDataRejected, "duplicate-column", "Two columns of one name",
     "'data/churn.csv' line 1: columns 3 and 7 have the same name 'age'; rename one, or give all names in "
     "data.names",
     "Columns are known by their names, so that each must be there once.",
     "Rename one of them in the "
     "file."},
    {Topic::kDifferentColumns, ExitCode::kDataRejected, "different-columns", "Files with different columns",
     "'day-01.csv' and 'day-02.csv' have different columns: only the first has 'age'",
     "All files of a dataset have the same columns, in any order. The message names the first difference.",
     "Mend the files, or leave the odd one out of data.source."},
    {Topic::kPartitions, ExitCode::kDataRejected, "partitions", "Folders KEY=VALUE that make no columns",
     "'day' is a column of the files and the name of their folders, 'day=…'",
     "Folders named KEY=VALUE right above the files give each file's rows the column KEY. All files need the "
     "same keys in the same order, each once, none of which is a column of the files; with a type declared "
     "in data.types, all values must be of it.",
     "Rename or move the folders that the message names, or leave their files out of data.source."},
    {Topic::kWrongDelimiter, ExitCode::kUsage, "wrong-delimiter", "A delimiter that separates nothing",
     "'data/churn.csv' line 1 is a single column for the delimiter ',', but holds ';': set data.delimiter "
     "(or name the column in data.names)",
     "The header is a single field that holds another usual delimiter; or data.delimiter is auto, and the "
     "first records do not tell it.",
     "Set data.delimiter: ';' (or what the message names)."},
    {Topic::kColumnNames, ExitCode::kUsage, "column-names", "Names that do not fit the columns",
     "'data/churn.csv' line 1 has 5 fields, but data.names has 4 (is data.delimiter right?)",
     "Files without a header (data.header: false) take their columns' names from data.names, one for each.",
     "Give as many names as there are columns; see whether data.delimiter is right."},
    {Topic::kUnclosedQuote, ExitCode::kDataRejected, "unclosed-quote", "A quote that is never closed",
     "'data/churn.csv' line 17: the quote that opens here is never closed, so everything behind it would "
     "be lost; close it, or set data.quote to another character (empty: nothing is quoted)",
     "A field begins with a quote, and the file ends before another one closes it. Everything from there "
     "on would be one field, so the file is refused whole.",
     "Close the quote in the named line. Where quotes are plain characters in this data, set data.quote: "
     "''."},
    {Topic::kRejectedRecords, ExitCode::kDataRejected, "rejected-records",
     "Too many records that do not "
     "fit",
     "12 of 1,000 records (1.2 %) were rejected, and data.max_rejected_share allows 0 %: day-01.csv line "
     "102, column 'age': '4o' is no integer; repair the source, declare another type in data.types, name "
     "what means missing in data.missing, or allow more (all rejected records: workspace/objects/ab/cdef)",
     "Records with too many or too few fields, values that do not fit a declared type, bytes that are no "
     "UTF-8, NUL bytes, stray quotes or more than data.block_bytes are set aside. There are more of them "
     "than data.max_rejected_share allows; or more of one kind than data.max_rejected allows.",
     "Look at the samples in the message, and at the table that it names. Then repair the source; or "
     "declare the column's type in data.types; or name a word that means missing in data.missing; or "
     "raise data.max_rejected_share, or the limit of the kind that the message names."},
});

}  // namespace

std::span<const TopicEntry> file_topics() {
  return kFilesEntries;
}

}  // namespace millrace
