// Package config reads the configuration file, finds everything that is wrong
// with it at once, with its lines, and prints the example to start from.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	// Time zones must be known on machines that have no database of them.
	_ "time/tzdata"

	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/store"
)

// maxConfigBytes is the largest configuration file that is read.
const maxConfigBytes = 16 << 20

// Config is the configuration file. Its tags are those of package settings.
type Config struct {
	Server     ServerConfig          `name:"server" label:"Server" help:"Where the service is reached."`
	Store      StoreConfig           `name:"store" label:"Store" help:"Where the service keeps its data."`
	Secrets    SecretsConfig         `name:"secrets" label:"Secrets" help:"What seals the secrets at rest."`
	Fetch      FetchConfig           `name:"fetch" label:"Fetch" help:"What sources and channels may reach."`
	Send       SendConfig            `name:"send" label:"Send" help:"How long, and how much, waits on disk for a platform that can't be reached."`
	Backup     BackupConfig          `name:"backup" label:"Backup" help:"Copies of the installation, made while it works, in two halves that never lie together."`
	Log        LogConfig             `name:"log" label:"Log" help:"What is written to the standard error, as lines of JSON."`
	Node       NodeConfig            `name:"node" label:"Node" help:"This keypull among those that work or wait at a PostgreSQL database."`
	Standby    StandbyConfig         `name:"standby" label:"Standby" help:"A second machine that keeps a copy, keypull standby, and may take over."`
	Apps       []catalogue.App       `name:"app" label:"Apps" help:"Accounts of a platform's developer that carry channels of many publishers; a channel names its by app."`
	Publishers []catalogue.Publisher `name:"publisher" label:"Publishers" help:"The media outlets that stand in this file; the console shows them without letting them be changed."`

	// Path is the file as it was named, Folder what relative paths count from.
	Path   string `name:"-"`
	Folder string `name:"-"`

	origins origins
}

// ServerConfig is the table [server].
type ServerConfig struct {
	Listen         string   `name:"listen" label:"Listen" help:"Address and port to listen on; port 0 takes a free one." check:"required,listen" example:"127.0.0.1:8080"`
	PublicURL      string   `name:"public_url" label:"Public URL" help:"Where platforms and readers reach the service from outside. Not set: http:// and the address it listens on." check:"url" example:"https://pull.example.org"`
	TrustedProxies []string `name:"trusted_proxies" label:"Trusted proxies" help:"Networks of proxies before this server, whose X-Forwarded-For tells who asks; none by default." check:"cidr" example:"127.0.0.1/32"`

	Memory *settings.Bytes `name:"memory" label:"Memory" help:"What the process aims to stay within: half of it for snapshots, a quarter for readers, a quarter for asks under way. Beyond a share the oldest leaves memory. Not set: a quarter of what the process is allowed or else of what the machine has, at most 512MiB." check:"min=128MiB" example:"256MiB"`
}

// StoreConfig is the table [store].
type StoreConfig struct {
	URL     string         `name:"url" label:"URL" help:"bolt: and a file; or postgres://user:password@host/database, a PostgreSQL database in which a second keypull serve waits for the end of the first." check:"required,store" example:"bolt:keypull.db"`
	Durable string         `name:"durable" label:"Durable" help:"What a PostgreSQL database must promise, or keypull does not start: sync, that a commit is on its disk and on that of a synchronous standby; trusted takes what the server calls durable, which may be lost with its machine." choices:"sync,trusted"`
	Keys    string         `name:"keys" label:"Keys" help:"Where the keys of readers and days stand that belong to a PostgreSQL database: folder, in a file beside the key file; database, in a table of it, wrapped by a key beside the key file that is another one each day, so that no older copy of the database opens anything." choices:"folder,database"`
	MinFree settings.Bytes `name:"min_free" label:"Min free" help:"How much of the disk of a file is left free: below it, or below 5 % of the disk where that is less, no ask is accepted, and what was accepted is finished. 0 accepts until the disk is full." example:"64MiB"`
}

// SecretsConfig is the table [secrets].
type SecretsConfig struct {
	KeyFile string `name:"key_file" label:"Key file" help:"The file of the sealing key, made on first start with mode 0600." check:"required" example:"keypull.key"`
}

// FetchConfig is the table [fetch].
type FetchConfig struct {
	AllowPrivate []string       `name:"allow_private" label:"Allow private" help:"Private networks that sources and channels may reach, on any port; none by default. Public addresses are reached on ports 80, 443, 8080, 8443 and those that a kind declares." check:"cidr" example:"127.0.0.1/32"`
	PerHost      int            `name:"per_host" label:"Per host" help:"How many fetches that readers wait for run at one host (name and port) at a time; more wait their turn. Crawls and refreshes ahead of demand have two places of their own." check:"min=1,max=1024"`
	IndexMax     settings.Bytes `name:"index_max" label:"Index" help:"How much disk the index takes by which readers find what sources hold, of all publishers together; one publisher's takes 512MiB at most. Beyond it the oldest items can't be found by their words." check:"min=16MiB"`
	Contact      string         `name:"contact" label:"Contact" help:"Whom the owner of a site can turn to, a page or a mail address: it stands in the User-Agent of every request. Not set: the public URL." check:"max=200" example:"https://example.org/about-our-service"`
}

// SendConfig is the table [send].
type SendConfig struct {
	Keep time.Duration  `name:"keep" label:"Keep" help:"How long an answer waits for its platform; after that it is a dead letter, which keypull channel dead lists." check:"min=1m,max=7d"`
	Max  settings.Bytes `name:"max" label:"Max" help:"How much disk the waiting answers of all channels may take, in equal shares; a channel that has used up its share takes no more asks until it is reached again, the others go on." check:"min=16MiB"`
}

// LogConfig is the table [log].
type LogConfig struct {
	Level string `name:"level" label:"Level" help:"From which level on lines are written: debug has a line for each step of an ask, with its id; info what happened, warn what may need somebody, error what does." choices:"debug,info,warn,error"`
}

// Slog returns the level as package slog has it.
func (c LogConfig) Slog() slog.Level {
	var level slog.Level
	// What was checked is a level; else it stays at info.
	_ = level.UnmarshalText([]byte(c.Level))
	return level
}

// Default returns the configuration before a file is read.
func Default() *Config {
	return &Config{
		Server:  ServerConfig{Listen: "127.0.0.1:8080"},
		Store:   StoreConfig{URL: "bolt:keypull.db", Durable: "sync", Keys: "folder", MinFree: store.DefaultMinFree},
		Secrets: SecretsConfig{KeyFile: "keypull.key"},
		Fetch:   FetchConfig{PerHost: outside.DefaultFetches, IndexMax: 4 << 30},
		Send:    SendConfig{Keep: 12 * time.Hour, Max: 1 << 30},
		Log:     LogConfig{Level: "info"},
		Backup:  BackupConfig{Every: time.Hour, Keep: LadderConfig{Hours: 24, Days: 7, Weeks: 5}},
		Standby: StandbyConfig{Keep: 256 << 20},
	}
}

// Load reads the file and finds everything at once for which serve must
// refuse it, in the order of lines. env looks a variable of the environment
// up. The configuration is set as far as it is good, and nil only where the
// file can't be read at all.
func Load(path string, env func(string) (string, bool), ks Kinds) (*Config, Findings) {
	data, refusal := readConfigFile(path)
	if !refusal.IsZero() {
		return nil, Findings{NewFinding(path, "file", refusal)}
	}
	return Read(path, data, env, ks)
}

// Read is Load of a text; empty if there is no file.
func Read(path string, data []byte, env func(string) (string, bool), ks Kinds) (*Config, Findings) {
	l := &loader{config: Default(), kinds: ks, env: env, path: path}
	l.load(data)
	l.found.Sort()
	return l.config, l.found
}

// readConfigFile returns the file, or a sentence that says why not.
func readConfigFile(path string) (data []byte, refusal words.Text) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrNotExist) {
		return nil, words.Text{Key: "config.no_file"}
	}
	if err != nil {
		return nil, words.Text{Key: "config.unopened", Args: words.Args{"reason": words.Said(err)}}
	}
	defer func() { _ = file.Close() }()
	var read bytes.Buffer
	if info, err := file.Stat(); err == nil {
		read.Grow(int(min(info.Size(), maxConfigBytes)) + bytes.MinRead)
	}
	_, err = read.ReadFrom(io.LimitReader(file, maxConfigBytes+1))
	data = read.Bytes()
	if err != nil {
		return nil, words.Text{Key: "config.unread", Args: words.Args{"reason": words.Said(err)}}
	}
	if len(data) > maxConfigBytes {
		return nil, words.Text{Key: "config.large", Args: words.Args{"max": maxConfigBytes >> 20}}
	}
	return data, words.Text{}
}

// loader is one load of a configuration file.
type loader struct {
	config *Config
	kinds  Kinds
	env    func(string) (string, bool)
	path   string
	found  Findings
	// blanked says that lines with broken syntax were left out, so that what
	// is missing proves nothing; unset holds the paths of strings that could
	// not be expanded.
	blanked bool
	unset   map[string]bool
}

func (l *loader) load(data []byte) {
	c := l.config
	c.Path, c.Folder = l.path, filepath.Dir(l.path)
	// Some editors of Windows begin a file with a byte order mark.
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	err, whole := l.fill(data)
	if !whole {
		c.settle()
		return
	}
	l.addProblems("", err)
	l.checkStore()
	l.checkApps()
	l.checkPublishers()
	for i := range c.Publishers {
		c.Publishers[i].Pack()
	}
	c.settle()
}

// fill sets the configuration from the document. err is what is wrong with its
// values; whole is false where it can't be trusted.
func (l *loader) fill(data []byte) (err error, whole bool) { //nolint:revive // the error is a finding
	c, found := l.config, len(l.found)
	if values, broken := l.inPieces(data); values != nil {
		before := *c
		l.overrideFromEnv(values)
		l.expandVariables(values)
		if err = settings.Draft(c, values, Checks()); !*broken {
			return err, true
		}
		*c, l.found = before, l.found[:found]
	}
	values, whole := l.parseDocument(data)
	if !whole {
		return nil, false
	}
	l.overrideFromEnv(values)
	l.expandVariables(values)
	return settings.Draft(c, values, Checks()), true
}

// settle makes paths count from the file's folder and names the public URL.
func (c *Config) settle() {
	if file, ok := strings.CutPrefix(c.Store.URL, "bolt:"); ok {
		c.Store.URL = "bolt:" + c.file(file)
	}
	c.Secrets.KeyFile = c.file(c.Secrets.KeyFile)
	c.Backup.settle(c.file)
	c.Server.PublicURL = strings.TrimRight(c.Server.PublicURL, "/")
	if _, port, err := net.SplitHostPort(c.Server.Listen); err == nil && port != "0" && c.Server.PublicURL == "" {
		c.Server.PublicURL = PublicURL(c.Server.Listen)
	}
}

func (c *Config) file(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Folder, path)
}

// PublicURL returns the public URL where none is configured: that of the address
// listened on, and of this machine where that is every address. With port 0
// it is asked for once the port is known.
func PublicURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return ""
	}
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// BrowserURL returns a URL as browsers should open it: on one's own machine by its
// name, since passkeys have none for a number.
func BrowserURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if host, port := u.Hostname(), u.Port(); host == "127.0.0.1" || host == "::1" {
		u.Host = "localhost"
		if port != "" {
			u.Host = net.JoinHostPort("localhost", port)
		}
	}
	return u.String()
}

// StorePath returns the file of the store; empty where that is a database.
func (c *Config) StorePath() string {
	path, isFile := strings.CutPrefix(c.Store.URL, "bolt:")
	if !isFile {
		return ""
	}
	return path
}

// OwnPath returns what the files that a process keeps for itself are named by, with an ending
// of their own: the file of the store, or, where that is a database, the key file.
func (c *Config) OwnPath() string {
	return cmp.Or(c.StorePath(), strings.TrimSuffix(c.Secrets.KeyFile, ".key"))
}

// checkStore finds tables that a store which is a database has no use for.
func (l *loader) checkStore() {
	c := l.config
	if c.StorePath() != "" {
		return
	}
	if c.Backup.To != "" {
		l.addFinding("backup.to", "database", words.Text{Key: "database.no_backup"})
	}
	switch {
	case c.Standby.Secret.Reveal() == "":
	case c.Store.Keys != "database":
		l.addFinding("standby.secret", "database", words.Text{Key: "database.no_standby"})
	case !Confidential(c.PeerAddress()):
		l.addFinding("standby.of", "address", words.Text{Key: "standby.address", Args: words.Args{"flag": "[standby] of"}})
	}
}

// Finding says something about a path of the file, with the line where it
// stands or should stand.
func (c *Config) Finding(path string, severity catalogue.Severity, code string, said words.Text) Finding {
	f := NewFinding("", code, said)
	f.File, f.Line = c.origins.originOf(path)
	f.Path, f.Severity = path, severity
	return f
}

// Forget drops where everything stands: of a large catalogue that is much, and
// it is needed only until everything has been said about the file.
func (c *Config) Forget() { c.origins = origins{} }

// Private returns the networks of [fetch] allow_private.
func (c *Config) Private() []netip.Prefix { return Prefixes(c.Fetch.AllowPrivate) }

// Prefixes reads networks; what is none is left out.
func Prefixes(texts []string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range texts {
		if p, err := netip.ParsePrefix(s); err == nil {
			all = append(all, p)
		}
	}
	return all
}
