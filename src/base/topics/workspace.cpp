#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kWorkspaceEntries = std::to_array<TopicEntry>({
    {Topic::kDiskFull, ExitCode::kResource, "disk-full", "A full disk",
     "cannot write 'workspace/tmp/object.tmp-4711-3@node1': No space left on device",
     "The file system has no room, or no inode, left. What was being written is removed; everything that "
     "was complete stays valid.",
     "Make room (`df -h`, `df -i`) and run again: stages that were done are not done again."},
    {Topic::kQuota, ExitCode::kResource, "quota", "A quota that is used up",
     "cannot write 'workspace/tmp/object.tmp-4711-3@node1': Disk quota exceeded",
     "The account's or the project's quota on this file system is reached, though the disk may have room. "
     "What was being written is removed; everything that was complete stays valid.",
     "Delete what is not needed, ask for more, or choose another --workspace; then run again."},
    {Topic::kReadOnly, ExitCode::kResource, "read-only", "A read-only file system",
     "workspace 'workspace' cannot be written: cannot create a file in 'workspace/objects': Read-only "
     "file system; choose another with --workspace",
     "The file system is mounted read-only, or turned so after errors. Commands that only look (`runs`, "
     "`status`, `registry`, `predict`, `serve`) work there.",
     "Choose another --workspace, or have the file system mounted for writing."},
    {Topic::kNoHardLinks, ExitCode::kResource, "no-hard-links", "A file system without hard links",
     "cannot publish 'workspace/refs/data/churn/000000001.json': Operation not permitted; its file system "
     "must "
     "have hard links: choose a folder on another",
     "The registry and the histories of data are written with link(2), by which one of two writers wins. "
     "Some file systems "
     "(FAT, some of FUSE) have no hard links.",
     "Choose a --workspace on another file system; NFS, Lustre, ext4 and XFS have them."},
    {Topic::kNewerWorkspace, ExitCode::kResource, "newer-workspace", "A workspace of another version",
     "workspace 'workspace' has layout 2, this Millrace knows layout 1: use the Millrace that made it, or "
     "choose another workspace with --workspace",
     "workspace.json names a layout that this version does not know. Nothing in it was read or written.",
     "Use the newer Millrace, or another --workspace."},
    {Topic::kNewerFormat, ExitCode::kResource, "newer-format", "A file of another version's format",
     "the artifact has format 3, written by a newer Millrace; this one reads formats up to 2: use a newer "
     "one",
     "An artifact, a dataset, a shard, a feature plan, a journal entry or a GPU module belongs to another "
     "version.",
     "Use the Millrace that wrote it; or make it again with this one, in another --workspace."},
    {Topic::kMissingObject, ExitCode::kResource, "missing-object", "An object that is gone",
     "object 1f3a5b7c is missing from workspace 'workspace'; the stage that made it has to run again",
     "A file under objects/ was deleted while something still refers to it.",
     "Run the pipeline again: the stage that makes the object runs again and gives the same bytes."},
    {Topic::kDamagedObject, ExitCode::kResource, "damaged-object", "An object with wrong bytes",
     "object 'workspace/objects/ab/cdef' is damaged: its bytes do not match its name; delete it and run "
     "again",
     "An object's name is the SHA-256 of its bytes, and shards have a check of each piece besides. One no "
     "longer matches: a flipped bit, a file cut short, or a file that was edited. Nothing was built on it.",
     "Delete the file that the message names and run again: its stage makes it again. If it happens "
     "again, check the disk and the memory."},
    {Topic::kDamagedFile, ExitCode::kResource, "damaged-file",
     "A file that does not read as what it should be",
     "'workspace/deploy/churn/state.json' is no valid JSON: unexpected end of input",
     "A JSON or HDF5 file of the workspace or of an artifact was cut short or altered.",
     "Delete the file that the message names and run again; a result that was only there is made again."},
    {Topic::kDamagedCheckpoint, ExitCode::kResource, "damaged-checkpoint", "A checkpoint with wrong bytes",
     "'workspace/runs/20261124/checkpoints/step-000001000.h5' is damaged: its head does not match its "
     "check",
     "The checkpoint was cut short or altered. This comes as a warning: training goes on from the "
     "checkpoint before, or from the start, and ends with the same weights.",
     "Nothing; if it happens again, check the disk."},
    {Topic::kDamagedArtifact, ExitCode::kResource, "damaged-artifact", "An artifact with wrong bytes",
     "artifact 'churn-7.tar.zst': part 'weights.h5': its bytes do not have the digest that the manifest "
     "gives",
     "The file is no artifact, lacks a part, was cut short or altered. A running server goes on with the "
     "model that it has.",
     "Get the file again, or make it again: `millrace package CONFIG`."},
    {Topic::kArtifactSignature, ExitCode::kResource, "artifact-signature",
     "An artifact whose signature does not count",
     "artifact 'churn-7.tar.zst': the artifact's signature is refused: it is not signed, where a signature "
     "is "
     "asked for",
     "The artifact is not signed, or the signature is not that of its manifest, or by none of the keys that "
     "were given.",
     "Ask whoever made the file. `package.sign_key` in the configuration signs what a pipeline makes."},
    {Topic::kDamagedJournal, ExitCode::kResource, "damaged-journal", "A journal's entry that was altered",
     "registry entry 'workspace/registry/000000004.json' was altered: the digests of its neighbours do "
     "not match it",
     "Each entry holds the digest of the one before, so that a change to the history shows. An entry was "
     "edited, or was torn by a failing disk. Registry and histories of data are kept so.",
     "Restore the entry from a backup. Do not edit entries: what is wrong is corrected by a new one."},
    {Topic::kMissingEntry, ExitCode::kResource, "missing-entry", "A journal's entry that is gone",
     "registry entry 'workspace/registry/000000004.json' is missing, though later ones exist",
     "A file of the registry's journal, or of a data set's history, was deleted.",
     "Restore the entry from a backup; without it what the later ones say cannot be trusted."},
    {Topic::kRegistryBusy, ExitCode::kResource, "registry-busy", "A journal that others see differently",
     "cannot append to the registry 'workspace/registry': entry 000000004.json exists but does not become "
     "visible",
     "Another writer has published the entry, and this node's file system does not show it: attribute "
     "caches of a network file system that never expire.",
     "Run again; if it stays, mount the workspace with shorter attribute caching."},
    {Topic::kUnknownRun, ExitCode::kResource, "unknown-run", "A run that does not exist",
     "there is no run '20261124T03' in the workspace 'workspace'; 'millrace runs' lists them",
     "The workspace has no run of that name, or none at all.",
     "`millrace runs --workspace DIR` lists them; see whether --workspace is right."},
    {Topic::kUnfinishedRun, ExitCode::kUsage, "unfinished-run", "A run whose result cannot be deployed",
     "run '20261124T032601' is not done: it is failed",
     "`deploy --run` takes the results of a run of the same pipeline that is done.",
     "Name another run (`latest` is the newest that is done), or run the pipeline."},
    {Topic::kUnknownModel, ExitCode::kResource, "unknown-model", "A model or version that does not exist",
     "no model 'chrun' is registered (did you mean 'churn'?)",
     "The registry has no such model, version or alias, or the version is not packaged.",
     "`millrace registry list` shows what there is."},
    {Topic::kUnknownVersion, ExitCode::kResource, "unknown-version", "A version of data that does not exist",
     "dataset 'churn' has no branch, tag or version 'mian' (did you mean 'main'?); it has main, trial",
     "The workspace has no data of that name, or its history has no such branch, tag or version.",
     "`millrace data list` shows the data sets and branches, `millrace data log NAME` the versions of one."},
    {Topic::kTagExists, ExitCode::kUsage, "tag-exists", "A tag that means another version",
     "tag 'release-1' of dataset 'churn' is version 1f3a5b7c9d2e; --move makes it another",
     "A tag is a promise that a name goes on to mean the same data, so it is not moved by accident.",
     "Choose another name, or say `--move`."},
});

}  // namespace

std::span<const TopicEntry> workspace_topics() {
  return kWorkspaceEntries;
}

}  // namespace millrace
