package console

import (
	"context"

	"keypull/pull"
	"keypull/pull/words"
)

// StoreBackup is the input of "store.backup".
type StoreBackup struct {
	// Path is where the copy is written, on the server's machine; absolute.
	Path string `json:"path"`
	// Overwrite lets it replace a file that is there.
	Overwrite bool `json:"overwrite,omitempty"`
}

// StoreBackedUp is the output.
type StoreBackedUp struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
}

// Backups writes a consistent copy of the store while it works.
type Backups interface {
	BackupFile(ctx context.Context, path string, overwrite bool) (int64, error)
}

// BackUpStore is "store.backup".
var BackUpStore = Declare[StoreBackup, StoreBackedUp](Declaration{
	Name: "store.backup", Permission: Admin, Audit: true,
	Summary: "Write a consistent copy of the store to a file, while it works.",
})

// BackupOperation returns "store.backup".
func BackupOperation(b Backups) Bound {
	return BackUpStore.Bind(func(ctx context.Context, in StoreBackup) (StoreBackedUp, error) {
		if in.Path == "" {
			return StoreBackedUp{}, &pull.Error{Kind: pull.Invalid, Field: "path", Hint: words.Text{Key: "refusal.copy_path"}}
		}
		n, err := b.BackupFile(ctx, in.Path, in.Overwrite)
		return StoreBackedUp{Path: in.Path, Bytes: n}, err
	})
}

// KeysBackup is the input of "keys.backup".
type KeysBackup struct {
	// Path is where the copy of the key file is written, on the server's
	// machine; absolute. The slots go beside it, with ".slots" at the end.
	Path string `json:"path"`
}

// KeysBackedUp is the output.
type KeysBackedUp struct {
	Path  string `json:"path"`
	Slots string `json:"slots"`
}

// KeyFiles can copy themselves. A copy that is there is replaced: an older one
// would bring back keys that were destroyed on purpose.
type KeyFiles interface {
	BackupFiles(path string) error
}

// BackUpKeys is "keys.backup".
var BackUpKeys = Declare[KeysBackup, KeysBackedUp](Declaration{
	Name: "keys.backup", Permission: Admin, Audit: true,
	Summary: "Copy the key files to one place, in place of the last copy.",
})

// KeysOperation returns "keys.backup".
func KeysOperation(k KeyFiles) Bound {
	return BackUpKeys.Bind(func(_ context.Context, in KeysBackup) (KeysBackedUp, error) {
		if in.Path == "" {
			return KeysBackedUp{}, &pull.Error{Kind: pull.Invalid, Field: "path", Hint: words.Text{Key: "refusal.copy_path"}}
		}
		return KeysBackedUp{Path: in.Path, Slots: in.Path + ".slots"}, k.BackupFiles(in.Path)
	})
}

// HalvesBackedUp is the output of "backup.make".
type HalvesBackedUp struct {
	Archive     string `json:"archive" doc:"The archive that was made."`
	Bytes       int64  `json:"bytes"`
	Newest      string `json:"newest" doc:"The newest half, in place of the last one."`
	NewestBytes int64  `json:"newest_bytes"`
}

// Halves makes the two halves of a backup where the configuration says.
type Halves interface {
	MakeHalves(ctx context.Context) (HalvesBackedUp, error)
}

// MakeBackup is "backup.make".
var MakeBackup = Declare[struct{}, HalvesBackedUp](Declaration{
	Name: "backup.make", Permission: Admin, Audit: true,
	Summary: "Make an archive and the newest half of a backup, where the configuration says.",
})

// HalvesOperation returns "backup.make".
func HalvesOperation(h Halves) Bound {
	return MakeBackup.Bind(func(ctx context.Context, _ struct{}) (HalvesBackedUp, error) { return h.MakeHalves(ctx) })
}
