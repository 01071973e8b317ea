package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/catalogue"
)

const head = `[[publisher]]
id = "p"
name = "P"
languages = ["en"]
`

const source = `[[publisher.source]]
id = "s"
kind = "feed"
settings = { url = "https://example.org/" }
`

// findingTest is a file and the beginnings of the lines that are to be printed.
type findingTest struct {
	name string
	text string
	want []string
}

func (tt findingTest) run(t *testing.T) {
	_, found := load(t, tt.text, nil)
	var got []string
	for i, f := range found {
		line := f.String()
		if i < len(tt.want) && strings.HasPrefix(line, tt.want[i]) {
			line = tt.want[i]
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(tt.want, got); diff != "" {
		t.Error(diff)
	}
}

// buckets is a table of backups whose archives go to a place.
func buckets(to, newest string) string {
	return fmt.Sprintf("[backup]\nto = %q\n%s\nrecipient = \"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\"\n", to, newest)
}

const s3 = "[backup.s3]\nendpoint = \"https://s3.example.org\"\naccess_key = \"a\"\nsecret_key = \"b\"\n"

func TestConfigFindsWhatIsWrongWithAKey(t *testing.T) {
	for _, tt := range []findingTest{
		{"an empty file is fine", "", nil},
		{"a byte order mark is fine", "\xef\xbb\xbf" + head, nil},
		{"a publisher without anything is fine", head, nil},
		{"an unknown table", "[sever]\nlisten = \"a\"\n", []string{
			`config.toml:1: sever: There is no such setting; did you mean “server”?`,
		}},
		{"an unknown table above a known one", "\n[[publishers.source]]\nid = \"a\"\n", []string{
			`config.toml:2: publishers: There is no such setting; did you mean “publisher”?`,
		}},
		{"a wrong type", "[server]\nlisten = 8080\n", []string{
			"config.toml:2: server.listen: Write a text, such as \"abc\", not a number.",
		}},
		{"what a publisher lacks is told at its header", "\n[[publisher]]\nid = \"p\"\n", []string{
			"config.toml:2: publisher.languages: Fill this in: it is required.",
			"config.toml:2: publisher.name: Fill this in: it is required.",
		}},
		{"lists and inline tables by their own lines", head + "[[publisher.source]]\nid = \"s\"\nkind = \"feed\"\n" +
			"settings.url = \"https://example.org/\"\nsettings.symbols = [\n  { symbol = \"A\" },\n  { symbol = \"B\", alias = [] },\n  { symbol = \"C\", aliases = [\n    \"c\",\n    1 ] } ]\n", []string{
			`config.toml:11: publisher.source.settings.symbols.alias: There is no such setting; did you mean “aliases”?`,
			"config.toml:14: publisher.source.settings.symbols.aliases: Write a text, such as \"abc\", not a number.",
		}},
		{"the second row of the second publisher", head + source + "[[publisher]]\nid = \"q\"\nname = \"Q\"\nlanguages = [\"en\"]\n" +
			source + "[[publisher.source]]\nid = \"t\"\nkind = \"feed\"\n[publisher.source.settings]\nurl = \"https://example.org/\"\nitems = 99\n", []string{
			"config.toml:22: publisher.source.settings.items: Write 50 or less.",
		}},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestConfigFindsWhatDoesNotFitTogether(t *testing.T) {
	for _, tt := range []findingTest{
		{"duplicate ids", head + source + source + "[[publisher]]\nid = \"p\"\nname = \"Q\"\nlanguages = [\"en\"]\n", []string{
			`config.toml:10: publisher.source.id: Another source has the id “s”, on line 6; choose another.`,
			`config.toml:14: publisher.id: Another publisher has the id “p”, on line 2; choose another.`,
		}},
		{"the id of shared webhooks", strings.Replace(head, `"p"`, `"app"`, 1), []string{
			`config.toml:2: publisher.id: The id “app” belongs to webhooks that many publishers share; choose another.`,
		}},
		{"an unknown kind", head + "[[publisher.channel]]\nid = \"c\"\nkind = \"telegramm\"\n", []string{
			`config.toml:7: publisher.channel.kind: There is no kind “telegramm”; did you mean “telegram”?`,
		}},
		{"a secret that is missing", head + "[[publisher.channel]]\nid = \"c\"\nkind = \"telegram\"\n", []string{
			"config.toml:5: publisher.channel.settings.token: Fill this in: it is required.",
		}},
		{"a variable that is not set, and nothing that follows from it", head + "[[publisher.channel]]\nid = \"c\"\nkind = \"telegram\"\n[publisher.channel.settings]\ntoken = \"${TOKEN}\"\n", []string{
			"config.toml:9: publisher.channel.settings.token: The environment has no variable TOKEN; set it before starting, or write the value here.",
		}},
		{"a passphrase of backups that is not set, and nothing that follows from it", "[backup]\nto = \"a\"\npassphrase = \"${PASSPHRASE}\"\n", []string{
			"config.toml:3: backup.passphrase: The environment has no variable PASSPHRASE; set it before starting, or write the value here.",
		}},
		{"buckets without a server, and a secret that is not set", buckets("s3://a-bucket", "newest = \"s3://another\"") + strings.Replace(s3, `"b"`, `"${S3_SECRET}"`, 1), []string{
			"config.toml:8: backup.s3.secret_key: The environment has no variable S3_SECRET; set it before starting, or write the value here.",
		}},
		{"buckets without a server", buckets("s3://a-bucket", "newest = \"s3://another\""), []string{
			"config.toml:1: backup.s3.access_key: A bucket needs its server and keys: set endpoint, access_key and secret_key in [backup.s3].",
			"config.toml:1: backup.s3.endpoint: A bucket needs its server and keys: set endpoint, access_key and secret_key in [backup.s3].",
			"config.toml:1: backup.s3.secret_key: A bucket needs its server and keys: set endpoint, access_key and secret_key in [backup.s3].",
		}},
		{"both halves in one bucket", buckets("s3://a-bucket/archives", "newest = \"s3://a-bucket/newest\"") + s3, []string{
			"config.toml:3: backup.newest: The newest half must not lie among the archives: with both, what was erased could be read again. Name another folder or bucket.",
		}},
		{"no place for the newest half", buckets("s3://a-bucket", "") + s3, []string{
			"config.toml:1: backup.newest: Where archives go to a bucket, say where the newest half goes: a folder, or another bucket that keeps no versions.",
		}},
		{"what is no bucket", buckets("ftp://a-bucket", "newest = \"s3://A_B/../x\"") + s3, []string{
			"config.toml:2: backup.to: Copies go to folders or buckets; write a path, such as /mnt/backup/keypull, or an address, such as s3://bucket/folder.",
			"config.toml:3: backup.newest: Copies go to folders or buckets; write a path, such as /mnt/backup/keypull, or an address, such as s3://bucket/folder.",
		}},
		{"a bucket and a folder", buckets("s3://a-bucket/of/keypull", "newest = \"/mnt/newest\"") + s3, nil},
		{"a variable without a name", strings.Replace(head, `"P"`, `"P ${} $${"`, 1), []string{
			"config.toml:3: publisher.name: Write ${NAME} for a variable of the environment, or $${ for the two characters themselves.",
		}},
		{"a keyword of a source that is not there", head + source + "[[publisher.keyword]]\nid = \"k\"\nsource = \"t\"\nphrases.en = [\"k\"]\n", []string{
			`config.toml:11: publisher.keyword.source: There is no source “t”; known are s.`,
		}},
		{"an audience that nobody can tell", head + source + "[[publisher.keyword]]\nid = \"k\"\nsource = \"s\"\nphrases.en = [\"k\"]\naudience = { language = [\"en\", \"xx\"], hours = [\"always\"] }\n" +
			"[[publisher.keyword]]\nid = \"l\"\nsource = \"s\"\nphrases.en = [\"l\"]\naudience = { group = [], code = [\"club\"] }\n", []string{
			"config.toml:13: publisher.keyword.audience.hours: “always” is no time of the week; write mon-fri 09:15-15:30. [audience]",
			"config.toml:13: publisher.keyword.audience.language: The publisher does not speak “xx”; write one of en. [audience]",
			"config.toml:18: publisher.keyword.audience.code: There is no source “club”; there is s. [audience]",
			"config.toml:18: publisher.keyword.audience.group: An empty list is nobody, so that the keyword answers none; name somebody, or leave it out. [audience]",
		}},
		{"a contact that leads nowhere, and a notice that is no page", head + "contact = \"ada@\"\nprivacy = \"ftp://example.org\"\n", []string{
			"config.toml:5: publisher.contact: Write a mail address, a telephone number, the address of a page that begins with https://, or a short text in one line.",
			"config.toml:6: publisher.privacy: Write",
		}},
		{"fewer keywords of a message than one", head + "wishes = 0\n", []string{"config.toml:5: publisher.wishes: Write 1 or more."}},
		{"more keywords of a message than may be", head + "wishes = 4\n", []string{"config.toml:5: publisher.wishes: Write 3 or less."}},
		{"a moment without a zone", head + source + "[[publisher.keyword]]\nid = \"k\"\nsource = \"s\"\nphrases.en = [\"k\"]\nfrom = 2026-12-01\n", []string{
			`config.toml:13: publisher.keyword.from: Write a moment with its zone, such as "2026-12-24T18:00:00+01:00", not "2026-12-01".`,
		}},
		{"a store that is none", "[store]\nurl = \"mysql://x\"\n[fetch]\nallow_private = [\n\"10.0.0.0/8\",\n\"10.0.0.1\"]\n", []string{
			"config.toml:2: store.url: Write bolt: and a file, such as bolt:keypull.db, or postgres:// and a database.",
			`config.toml:6: fetch.allow_private: Write a network with its length, such as 10.0.0.0/8 or 127.0.0.1/32, not "10.0.0.1".`,
		}},
		{"a standby of a database", nodes("", ""), []string{"config.toml:5: standby.secret: a standby follows a store that is a file"}},
		{"nodes without an address", nodes("keys = \"database\"", ""), []string{"config.toml:4: standby.of: Say where the primary is reached"}},
		{"nodes with an address that others read", nodes("keys = \"database\"", "of = \"http://keypull.example\""), []string{"config.toml:6: standby.of: Say where the primary is reached: [standby] of takes an https address"}},
		{"nodes with an address", nodes("keys = \"database\"", "of = \"https://keypull.example\""), nil},
		{"no fetch at a time", "[fetch]\nper_host = 0\n", []string{"config.toml:2: fetch.per_host: "}},
		{"fewer than none", "[fetch]\nper_host = -1\n", []string{"config.toml:2: fetch.per_host: "}},
		{"too many fetches at a time", "[fetch]\nper_host = 1025\n", []string{"config.toml:2: fetch.per_host: "}},
		{"answers that wait for a moment", "[send]\nkeep = \"59s\"\n", []string{"config.toml:2: send.keep: Write 1m or more."}},
		{"answers that wait too long", "[send]\nkeep = \"169h\"\n", []string{"config.toml:2: send.keep: Write 7d or less."}},
		{"hours without their unit", "[send]\nkeep = 12\n", []string{"config.toml:2: send.keep: "}},
		{"too little room", "[send]\nmax = \"15MiB\"\n", []string{"config.toml:2: send.max: Write 16MiB or more."}},
		{"too few bytes", "[send]\nmax = 1000\n", []string{"config.toml:2: send.max: Write 16MiB or more."}},
		{"a size of another unit", "[send]\nmax = \"1 GB\"\n", []string{"config.toml:2: send.max: Write a size with its unit"}},
		{"fetches by halves", "[fetch]\nper_host = 2.5\n", []string{"config.toml:2: fetch.per_host: "}},
		{"fetches in words", "[fetch]\nper_host = \"32\"\n", []string{"config.toml:2: fetch.per_host: "}},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestConfigFindsBrokenSyntax(t *testing.T) {
	for _, tt := range []findingTest{
		{"syntax and the rest at once", "[server]\nlisten = oops\n[[publisher]]\nid = \"P\"\nname = \"x\nlanguages = [\"en\"]\nzone = 1\n", []string{
			"config.toml:2: This is no TOML", "config.toml:4: publisher.id: Write 1 to 32", "config.toml:5: This is no TOML",
			`config.toml:7: publisher.zone: There is no such setting`,
		}},
		{"a broken header, after which nothing can be trusted", "[[publisher]\nid = \"P\"\n", []string{"config.toml:1: This is no TOML"}},
		{"a key without end", "a = 1\n" + strings.Repeat("b.", 65) + "c = 1\n", []string{"config.toml:2: Write a key of at most 64 parts."}},
		{"tables without end", "a = " + strings.Repeat("[", 20000), []string{"config.toml:1: This is no TOML"}},
		{"a key that stands twice", "[server]\nlisten = \"a:1\"\nlisten = \"a:2\"\nlitsen = 1\n", []string{
			"config.toml:3: This is set twice", "config.toml:4: server.litsen: There is no such setting",
		}},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestConfigLintHasTheLines(t *testing.T) {
	c, found := load(t, head+source+`[[publisher.keyword]]
id = "a"
source = "s"
[publisher.keyword.phrases]
en = ["news"]
[[publisher.keyword]]
id = "b"
source = "s"
phrases = { en = [
  "more of it",
  "News",
] }
`, nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	all := c.Lint(testKinds(), func(string, string) catalogue.About { return catalogue.About{} })
	if len(all) != 1 || all[0].Line != 19 || all[0].Code != "duplicate" || all.Errors() != 1 {
		t.Errorf("got %v, want one duplicate on line 19", all)
	}
}

func FuzzLoadConfig(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(head + source + "[[publisher.keyword]]\nid = \"k\"\nphrases = { en = [[], {}] }\n\"a.b\".\"c[0]\" = 1"))
	f.Add([]byte("a = [{b = 1}, {c.d = '''x'''}]\n[x]\n[[x.y]]\n[[x.y.z]]\n[x.y.z.w]\nv = 1979-05-27\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		config := &Config{}
		l := &loader{config: config, kinds: testKinds(), env: environment(nil), path: "config.toml"}
		l.load(text)
		if values, whole := l.parseDocument(text); whole && !strings.Contains(string(text), `""`) && !strings.Contains(string(text), "''") {
			for name, value := range values {
				expectLine(t, config.origins, value, name)
			}
		}
		for _, one := range l.found {
			if one.Message == "" || one.Line < 0 || one.Line > 1+strings.Count(string(text), "\n") {
				t.Errorf("a finding without words or place: %+v", one)
			}
		}
	})
}

// expectLine wants a line for every value that there is.
func expectLine(t *testing.T, o origins, value any, path string) {
	t.Helper()
	if o.lines.of(path)[path] == 0 {
		t.Errorf("%q has no line", path)
	}
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			expectLine(t, o, inner, joinPath(path, name))
		}
	case []any:
		for i, inner := range v {
			expectLine(t, o, inner, entryPath(path, i))
		}
	}
}

// nodes is a configuration of several at a database.
func nodes(keys, of string) string {
	return "[store]\nurl = \"postgres://keypull@db.example.org/keypull\"\n" + keys + "\n[standby]\nsecret = \"a secret of all nodes\"\n" + of + "\n"
}
