package config

import (
	"errors"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// BackupConfig is the table [backup].
type BackupConfig struct {
	To         string          `name:"to" label:"To" help:"The folder of the archives: the store as it was, encrypted, without the keys of readers and days. Not set: no copies are made." example:"/mnt/backup/keypull"`
	Newest     string          `name:"newest" label:"Newest" help:"The folder of the newest half: those keys, STOPs, withdrawals and the ids of messages of seven days, encrypted, replaced every half minute. It must lie elsewhere than the archives, where nothing keeps what it replaces: no snapshots, no versions. Not set: the folder of the archives with -newest behind its name." example:"/mnt/other/keypull"`
	Recipient  string          `name:"recipient" label:"Recipient" help:"The age key that both halves are encrypted to, as age-keygen prints it; who reads them keeps the secret one, apart from this machine." check:"age,max=4000" example:"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"`
	Passphrase settings.Secret `name:"passphrase" label:"Passphrase" help:"What both halves are encrypted with, in place of a recipient." check:"min=16,max=1000"`
	Every      time.Duration   `name:"every" label:"Every" help:"How often an archive is made." check:"min=5m,max=7d"`
	Keep       LadderConfig    `name:"keep" label:"Keep" help:"Which archives are kept: the last of each of so many hours, days and weeks."`
}

// LadderConfig is the table [backup.keep].
type LadderConfig struct {
	Hours int `name:"hours" label:"Hours" help:"Of how many hours the last archive is kept." check:"min=1,max=1000"`
	Days  int `name:"days" label:"Days" help:"Of how many days." check:"min=0,max=1000"`
	Weeks int `name:"weeks" label:"Weeks" help:"Of how many weeks." check:"min=0,max=1000"`
}

// Check finds what no single field shows.
func (b *BackupConfig) Check() (problems settings.Problems) {
	if b.To == "" {
		return nil
	}
	if strings.Contains(b.To+b.Newest, "://") {
		return settings.Problems{settings.Wrong("to", words.Text{Key: "backup.no_folder"})}
	}
	switch {
	case b.Recipient == "" && b.Passphrase == "":
		problems = append(problems, settings.Wrong("recipient", words.Text{Key: "backup.for_nobody"}))
	case b.Recipient != "" && b.Passphrase != "":
		problems = append(problems, settings.Wrong("passphrase", words.Text{Key: "backup.for_both"}))
	}
	if b.Newest != "" && liesIn(b.Newest, b.To) {
		problems = append(problems, settings.Wrong("newest", words.Text{Key: "backup.together"}))
	}
	return problems
}

// liesIn says that a path is a folder or below it.
func liesIn(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// settle makes paths count from the file's folder.
func (b *BackupConfig) settle(file func(string) string) {
	if b.To == "" {
		return
	}
	b.To = file(b.To)
	if b.Newest == "" {
		b.Newest = filepath.Clean(b.To) + newestBeside
		return
	}
	b.Newest = file(b.Newest)
}

// newestBeside is put behind the archives' folder where no other is named.
const newestBeside = "-newest"

// findHalvesTogether warns where both halves are kept in one place.
func (c *Config) findHalvesTogether() Findings {
	b := &c.Backup
	if b.To == "" || b.Newest != filepath.Clean(b.To)+newestBeside {
		return nil
	}
	return Findings{c.Finding("backup.newest", catalogue.Warning, "backup_together", words.Text{Key: "backup.beside", Args: words.Args{"folder": b.Newest}})}
}

// checkRecipient refuses what is no public key of age.
func checkRecipient(s string) error {
	all, err := age.ParseRecipients(strings.NewReader(s))
	if err == nil && len(all) != 1 {
		err = errors.New("one key is needed")
	}
	return err
}
