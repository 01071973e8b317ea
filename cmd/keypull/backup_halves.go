package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/config"
	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
)

// newBackups returns what makes backups in two halves, or nil where none are to be made.
func (in *installation) newBackups() *backup.Backups {
	c := &in.config.Backup
	if c.To == "" || in.file == nil {
		return nil
	}
	recipient, err := backup.RecipientOf(c.Recipient, c.Passphrase.Reveal())
	to, newest, failed := backupTargets(in.config)
	if err = errors.Join(err, failed); err != nil {
		in.logger.Error("no backups are made", "error", err) // a configuration is refused for that
		return nil
	}
	return backup.New(backup.Options{
		Parts: backup.Parts{
			Store: in.file, Ring: in.ring, Withdrawn: in.withdrawn, StorePath: in.config.StorePath(), KeyPath: in.config.Secrets.KeyFile,
			Configuration: hashFile(in.config.Path), Version: releaseVersion(),
		},
		To: to, Newest: newest, Recipient: recipient, Every: c.Every, Keep: backup.Ladder(c.Keep), Clock: in.clock, Logger: in.logger,
	})
}

// backupTargets returns where the halves of an installation go.
func backupTargets(c *config.Config) (to, newest backup.Target, err error) {
	b, spool := &c.Backup, filepath.Join(filepath.Dir(c.StorePath()), "keypull.copy")
	if to, err = backup.OpenTarget(b.To, spool, b.S3); err == nil {
		newest, err = backup.OpenTarget(b.Newest, spool, b.S3)
	}
	return to, newest, err
}

// hashFile returns the SHA-256 of a file; nothing where it can't be read.
func hashFile(path string) string {
	b, err := os.ReadFile(path) //nolint:gosec // the configuration
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

var _ console.Halves = (*installation)(nil)

// MakeHalves implements console.Halves.
func (in *installation) MakeHalves(ctx context.Context) (console.HalvesBackedUp, error) {
	if in.file == nil {
		return console.HalvesBackedUp{}, backUpDatabase()
	}
	if in.backups == nil {
		return console.HalvesBackedUp{}, &pull.Error{Kind: pull.Invalid, Op: "back up", Hint: words.Text{Key: "backup.nowhere"}}
	}
	made, err := in.backups.Now(ctx)
	return console.HalvesBackedUp(made), err
}

// lateCopies tells that copies of the installation are too old, or its standby is behind.
func (in *installation) lateCopies(language string) []console.Failure {
	return append(in.lateBackups(language), in.standby.late(language)...)
}

// lateBackups tells that copies of the installation are too old.
func (in *installation) lateBackups(language string) []console.Failure {
	if in.backups == nil {
		return nil
	}
	h := in.backups.Health()
	since := h.Late(in.backups.Every, in.clock())
	if since.IsZero() {
		return nil
	}
	said := words.Text{Key: "fails.late"}
	if !h.Why.IsZero() {
		said = words.Text{Key: "fails.late_why", Args: words.Args{"reason": h.Why}}
	}
	return []console.Failure{{Resource: "backup", Code: "late", Since: since, Good: h.Archive, Text: said.In(language), Mend: console.MendOf("late", language)}}
}
