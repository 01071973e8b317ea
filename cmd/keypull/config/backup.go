package config

import (
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"filippo.io/age"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// BackupConfig is the table [backup].
type BackupConfig struct {
	To         string          `name:"to" label:"To" help:"Where archives go, a folder, or a bucket as s3://bucket/folder: the store as it was, encrypted, without the keys of readers and days. Not set: no copies are made." example:"/mnt/backup/keypull"`
	Newest     string          `name:"newest" label:"Newest" help:"Where the newest half goes, a folder or a bucket: those keys, STOPs, withdrawals and the ids of messages of seven days, encrypted, replaced every half minute. It must lie elsewhere than the archives, where nothing keeps what it replaces: no snapshots, no versions. Not set: the folder of the archives with -newest behind its name; where they go to a bucket it must be set." example:"/mnt/other/keypull"`
	Recipient  string          `name:"recipient" label:"Recipient" help:"The age key that both halves are encrypted to, as age-keygen prints it; who reads them keeps the secret one, apart from this machine." check:"age,max=4000" example:"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"`
	Passphrase settings.Secret `name:"passphrase" label:"Passphrase" help:"What both halves are encrypted with, in place of a recipient." check:"min=16,max=1000"`
	Every      time.Duration   `name:"every" label:"Every" help:"How often an archive is made." check:"min=5m,max=7d"`
	Keep       LadderConfig    `name:"keep" label:"Keep" help:"Which archives are kept: the last of each of so many hours, days and weeks."`
	S3         S3Config        `name:"s3" label:"S3" help:"The server of the buckets: any that speaks S3."`
}

// LadderConfig is the table [backup.keep].
type LadderConfig struct {
	Hours int `name:"hours" label:"Hours" help:"Of how many hours the last archive is kept." check:"min=1,max=1000"`
	Days  int `name:"days" label:"Days" help:"Of how many days." check:"min=0,max=1000"`
	Weeks int `name:"weeks" label:"Weeks" help:"Of how many weeks." check:"min=0,max=1000"`
}

// S3Config is the table [backup.s3].
type S3Config struct {
	Endpoint  string          `name:"endpoint" label:"Endpoint" help:"The address of the server." check:"url" example:"https://s3.eu-central-1.amazonaws.com"`
	Region    string          `name:"region" label:"Region" help:"The region that requests are signed for." check:"max=100" example:"eu-central-1"`
	AccessKey string          `name:"access_key" label:"Access key" help:"Who may read, write, list and remove objects, and see whether buckets have versions or locks." check:"max=200"`
	SecretKey settings.Secret `name:"secret_key" label:"Secret key" help:"The secret of the access key." check:"max=200"`
	PathStyle bool            `name:"path_style" label:"Path style" help:"The bucket stands in the path of addresses, as most servers but Amazon's want it, not before the name of the server."`
}

// Check finds what no single field shows.
func (b *BackupConfig) Check() (problems settings.Problems) {
	if b.To == "" {
		return nil
	}
	for field, place := range map[string]string{"to": b.To, "newest": b.Newest} {
		if _, _, err := ParseBucket(place); IsAddress(place) && err != nil {
			problems = append(problems, settings.Wrong(field, words.Said(err)))
		}
	}
	if IsAddress(b.To) && b.Newest == "" {
		problems = append(problems, settings.Wrong("newest", words.Text{Key: "backup.newest_where"}))
	}
	for field, value := range map[string]string{"s3.endpoint": b.S3.Endpoint, "s3.access_key": b.S3.AccessKey, "s3.secret_key": b.S3.SecretKey.Reveal()} {
		if value == "" && (IsAddress(b.To) || IsAddress(b.Newest)) {
			problems = append(problems, settings.Wrong(field, words.Text{Key: "backup.s3_how"}))
		}
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

// BucketScheme is what the address of a bucket begins with.
const BucketScheme = "s3://"

// IsAddress says that a place is told by an address, not by the path of a folder.
func IsAddress(place string) bool { return strings.Contains(place, "://") }

// ParseBucket returns the bucket in an address such as s3://bucket/folder, and the folder in it.
func ParseBucket(address string) (bucket, folder string, err error) {
	rest, ok := strings.CutPrefix(address, BucketScheme)
	bucket, folder, _ = strings.Cut(rest, "/")
	folder = strings.Trim(folder, "/")
	const mostFolder = 500
	if !ok || !bucketName.MatchString(bucket) || len(folder) > mostFolder || folder != "" && !fs.ValidPath(folder) {
		return "", "", words.Fail(nil, "backup.no_folder", nil)
	}
	return bucket, folder, nil
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// liesIn says that a place is another or below it; two folders of one bucket are one place, since
// versions are a matter of the bucket.
func liesIn(path, folder string) bool {
	if IsAddress(path) || IsAddress(folder) {
		a, _, errA := ParseBucket(path)
		b, _, errB := ParseBucket(folder)
		return errors.Join(errA, errB) == nil && a == b
	}
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// settle makes paths count from the file's folder.
func (b *BackupConfig) settle(file func(string) string) {
	if b.To == "" {
		return
	}
	if !IsAddress(b.To) {
		b.To = file(b.To)
	}
	switch {
	case IsAddress(b.Newest), b.Newest == "" && IsAddress(b.To):
	case b.Newest == "":
		b.Newest = filepath.Clean(b.To) + newestBeside
	default:
		b.Newest = file(b.Newest)
	}
}

// newestBeside is put behind the archives' folder where no other is named.
const newestBeside = "-newest"

// findHalvesTogether warns where both halves are kept in one place.
func (c *Config) findHalvesTogether() Findings {
	b := &c.Backup
	if b.To == "" || IsAddress(b.To) || b.Newest != filepath.Clean(b.To)+newestBeside {
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
