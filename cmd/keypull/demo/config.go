package demo

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/words"
)

// The ids of the demo publisher and of its web chat: the chat's script is at
// /chat/demo/web/chat.js.
const (
	PublisherID = "demo"
	ChannelID   = "web"
	// CrowdID is a second publisher, of the same prices: whom ten thousand readers
	// ask at once, so that the figures of the first one are the visitor's own. It
	// stands behind that one in every list, too.
	CrowdID = "thousands"
	// Zone is the publisher's: all times of the demo are told in it.
	Zone = "Europe/Paris"
)

// ServerConfig returns a configuration file without a publisher: dir is the
// folder that store and key file are kept in, listen the address that keypull
// itself listens on.
func ServerConfig(dir, listen string) string {
	var t toml
	t.server(dir, listen)
	return t.String()
}

// Config returns the configuration file of the demo publisher, ServerConfig
// before it: worldURL is where its World is served.
func Config(worldURL, dir, listen string) (string, error) {
	answers, err := Answers()
	if err != nil {
		return "", err
	}
	var t toml
	t.server(dir, listen)
	t.publisher(worldURL)
	t.quotes(worldURL)
	t.recipes(worldURL)
	t.keywords()
	for _, n := range newsrooms {
		t.newsroom(worldURL, n)
	}
	t.archive(worldURL)
	t.calendars(worldURL)
	t.weather(worldURL)
	for _, a := range answers {
		t.answer(worldURL, a)
	}
	t.members()
	t.requests()
	t.channel()
	return t.String(), nil
}

// CrowdConfig is as Config for the publisher that the crowd asks.
func CrowdConfig(worldURL, dir, listen string) string {
	var t toml
	t.server(dir, listen)
	t.line("[[publisher]]\nid = %q\nname = %q\nlanguages = [\"en\"]\ntime_zone = %q\ncontact = %q\nprivacy = %q\n",
		CrowdID, siteName, Zone, siteName, worldURL+"/help/privacy")
	t.quotes(worldURL)
	t.stock()
	return t.String()
}

// toml writes a configuration line by line.
type toml struct{ strings.Builder }

// line writes one line; %q stands for a string in quotes.
func (t *toml) line(format string, args ...any) {
	// A strings.Builder never fails.
	_, _ = fmt.Fprintf(t, format+"\n", args...)
}

func (t *toml) server(dir, listen string) {
	t.line("[server]\nlisten = %q\npublic_url = %q\n", listen, "http://"+listen)
	t.line("[store]\nurl = %q\n", "bolt:"+filepath.Join(dir, "demo.db"))
	t.line("[secrets]\nkey_file = %q\n", filepath.Join(dir, "demo.key"))
	t.line("[fetch]\nallow_private = [\"127.0.0.1/32\"]   # the demo's own world lives on this machine\n")
}

func (t *toml) publisher(worldURL string) {
	t.line("[[publisher]]\nid = %q\nname = %q\nlanguages = %s\ntime_zone = %q\ncontact = %q\nprivacy = %q",
		PublisherID, siteName, tomlList(languages), Zone, siteName+", 1 Loopback Lane, Port 8080", worldURL+"/help/privacy")
	t.line("clicks = true   # links in answers are counted, without persons")
	t.line(`featured = ["stock", "recipe", "news", "actus", "nachrichten"]   # the menu begins with them`)
	t.line("person = { contacts = { subscription = \"subscriptions@demo.invalid\", delivery = \"+49 30 0000000\" } }   # HUMAN hands over\n")
}

func (t *toml) quotes(worldURL string) {
	t.line(`  [[publisher.source]]
  id = "quotes"
  title = "The exchange"
  kind = "quote"
  max_age = "1s"            # ask the exchange again after one second
  stale_if_error = "10m"    # when it is down: the last good price, marked, for ten minutes
  deadline = "2s"           # nobody waits longer
  [publisher.source.settings]
  url = %q
  format = "json"
  price = "price"
  change = "change_percent"
  currency = "currency"
  as_of = "time"
  symbols = [`, worldURL+"/exchange/quote?symbol={symbol}")
	for _, c := range companies {
		t.line("    { symbol = %q, name = %q, aliases = %s },", c.symbol, c.name, tomlList(c.aliases))
	}
	t.line("  ]\n")
}

// newsroom is one feed with the words that call it.
type newsroom struct {
	id, file, language string
	phrases            []string
}

var newsrooms = []newsroom{
	{"news", "feed.xml", "en", []string{"news", "headlines", "top 3"}},
	{"actus", "fr.xml", "fr", []string{"actus", "actualités", "nouvelles", "infos", "les titres"}},
	{"nachrichten", "de.xml", "de", []string{"nachrichten", "schlagzeilen", "meldungen"}},
}

func (t *toml) newsroom(worldURL string, n newsroom) {
	t.line(`  [[publisher.source]]
  id = %q
  title = %q
  kind = "feed"
  max_age = "10s"
  stale_if_error = "1h"
  deadline = "2s"
  [publisher.source.settings]
  url = %q
`, n.id, "Front page, "+n.language, worldURL+"/news/"+n.file)
	t.line("  [[publisher.keyword]]\n  id = %q\n  source = %q\n  phrases = { %s = %s }\n  count = 3\n  argument = \"optional\"\n",
		n.id, n.id, n.language, tomlList(withUsual(n.phrases, "asked.news", n.language)))
}

// archive writes the articles of all newsrooms, which are asked what no other keyword knows.
func (t *toml) archive(worldURL string) {
	var feeds []string
	for _, n := range newsrooms {
		feeds = append(feeds, worldURL+"/news/"+n.file)
	}
	t.line(`  [[publisher.source]]
  id = "archive"
  title = "Articles"
  kind = "archive"
  max_age = "10m"
  deadline = "3s"
  refresh = "@every 5m"
  [publisher.source.settings]
  feeds = %s

  [[publisher.keyword]]
  id = "ask"
  source = "archive"        # a question that nothing else knows is asked here, too
  phrases = { en = ["ask"], fr = ["question"], de = ["frage"] }
  argument = "required"
`, tomlList(feeds))
}

func (t *toml) calendars(worldURL string) {
	for _, c := range calendars {
		t.line(`  [[publisher.source]]
  id = %[1]q
  title = %[5]q
  kind = "calendar"
  max_age = "1h"
  stale_if_error = "24h"
  deadline = "2s"
  [publisher.source.settings]
  url = %[2]q

  [[publisher.keyword]]
  id = %[1]q
  source = %[1]q
  phrases = { %[3]s = %[4]s }
  count = 3
  argument = "optional"
`, c.id, worldURL+"/events/"+c.language+".ics", c.language, tomlList(withUsual(c.phrases, "asked.events", c.language)), "What is on, "+c.language)
	}
}

func (t *toml) recipes(worldURL string) {
	t.line(`  [[publisher.source]]
  id = "recipes"
  title = "The recipe site"
  kind = "recipe"
  max_age = "10m"
  stale_if_error = "24h"
  deadline = "3s"
  refresh = "@every 5m"     # fetched ahead, so that the first reader does not wait
  [publisher.source.settings]
  sitemap = %q
`, worldURL+"/recipes/sitemap.xml")
}

func (t *toml) answer(worldURL string, a Answer) {
	t.line(`  [[publisher.source]]
  id = %[1]q
  title = %[2]q
  kind = "text"
  [publisher.source.settings]
  answers = [{ title = %[2]q, text = %[3]q, link = %[4]q }]

  [[publisher.keyword]]
  id = %[1]q
  source = %[1]q
  phrases = { %[5]s = %[6]s }
`, a.Slug(), a.Title, a.Text, worldURL+"/help/"+a.Slug(), a.Language, tomlList(a.Phrases))
}

func (t *toml) stock() {
	t.line(`  [[publisher.keyword]]
  id = "stock"
  source = "quotes"
  phrases = { en = ["quote", "stock", "share price"], fr = ["cours", "bourse"], de = ["kurs", "aktie"] }
  argument = "optional"
  bare = true               # WIPRO alone is enough
  stamp = "always"          # a price always tells its age
`)
}

func (t *toml) keywords() {
	t.stock()
	t.line(`
  [[publisher.keyword]]
  id = "recipe"
  source = "recipes"
  phrases = { en = ["recipe", "recipes"], fr = ["recette", "recettes"], de = ["rezept", "rezepte"] }
  argument = "optional"
  query = "*"               # alone it brings the newest one
  bare = true               # so is tiramisu

  [[publisher.keyword]]
  id = "latest"
  source = "news"
  phrases = { en = ["latest", "latest news", "breaking news"] }
`)
}

// members writes a keyword that is for those alone who have sent a code.
func (t *toml) members() {
	t.line(`  [[publisher.source]]
  id = "friends"
  title = "Codes of friends"
  kind = "members"
  [publisher.source.settings]
  called = { en = "friends of the Daily Pull", fr = "amis du Daily Pull", de = "Freunde des Daily Pull" }
  codes = { demo = "friend-4711-pull" }
  text = { en = "Friends read tomorrow's front page tonight. In this demo the code is friend-4711-pull.", fr = "Les amis lisent ce soir la une de demain. Dans cette démo, le code est friend-4711-pull.", de = "Freunde lesen heute Abend die Titelseite von morgen. In dieser Demo ist der Code friend-4711-pull." }

  [[publisher.keyword]]
  id = "friends"
  source = "friends"
  phrases = { en = ["friends", "membership"], fr = ["amis", "adhésion"], de = ["freunde", "mitgliedschaft"] }
`)
	for _, m := range forMembers {
		t.line(`  [[publisher.source]]
  id = %[1]q
  title = %[3]q
  kind = "text"
  [publisher.source.settings]
  answers = [{ title = %[3]q, text = %[4]q }]

  [[publisher.keyword]]
  id = %[1]q
  source = %[1]q
  phrases = { %[2]s = [%[5]q] }
  teaser = %[6]q
  audience = { code = ["friends"] }   # who has sent the code, and nobody else
`, "tomorrow-"+m.language, m.language, m.title, m.text, m.phrase, m.teaser)
	}
}

// requests are what readers ask the front office to see to: a paper that did not come, and an
// hour with an editor.
func (t *toml) requests() {
	t.line(`  [[publisher.keyword]]
  id = "missing-paper"
  phrases = { en = ["missing paper", "my paper didn't come"], fr = ["journal non reçu", "je n'ai pas reçu mon journal"], de = ["zeitung fehlt", "meine zeitung kam nicht"] }
  [publisher.keyword.request]   # asked, confirmed, and seen to under Conversations
  kind = "incident"
  ask = [
    { text = { en = "Which day?", fr = "Quel jour ?", de = "Welcher Tag?" }, slot = "date" },
    { text = { en = "Your address?", fr = "Votre adresse ?", de = "Ihre Adresse?" } },
  ]

  [[publisher.source]]
  id = "editors-hours"
  title = "The editors' hours"
  kind = "calendar"
  [publisher.source.settings]
  hours = ["tue-thu 14:00-17:00"]
  slots = "30m"

  [[publisher.keyword]]
  id = "meet-an-editor"
  source = "editors-hours"      # the times that are free there are offered
  phrases = { en = ["meet an editor", "appointment"], fr = ["rencontrer un rédacteur", "rendez-vous"], de = ["termin mit der redaktion", "sprechstunde"] }
  request = { kind = "appointment" }
`)
}

// forMembers is what those read who have sent the code, and what others are told.
var forMembers = []struct{ language, phrase, title, text, teaser string }{
	{"en", "front page tomorrow", "Tomorrow's front page", "The harbour bridge opens at noon; the market moves to the old station for one Saturday.",
		"Tomorrow's front page is for friends of the Daily Pull. Are you one? Send your code. In this demo it is friend-4711-pull."},
	{"fr", "la une de demain", "La une de demain", "Le pont du port ouvre à midi ; le marché s'installe un samedi à l'ancienne gare.",
		"La une de demain est réservée aux amis du Daily Pull. Vous en êtes ? Envoyez votre code. Dans cette démo : friend-4711-pull."},
	{"de", "titelseite von morgen", "Die Titelseite von morgen", "Die Hafenbrücke öffnet um zwölf; der Markt zieht für einen Samstag in den alten Bahnhof.",
		"Die Titelseite von morgen ist für Freunde des Daily Pull. Sind Sie einer? Schicken Sie Ihren Code. In dieser Demo: friend-4711-pull."},
}

func (t *toml) channel() {
	t.line(`  [[publisher.channel]]
  id = %q
  kind = "webchat"
  [publisher.channel.settings]
  title = %q
  colour = "#0b6b63"
  budget = { asks = 0, sessions = 0, streams = 0 }   # all readers of the demo are you`, ChannelID, siteName)
}

// tomlList writes an array of strings.
// withUsual returns the words that call a keyword with those by which readers ask all outlets for it.
func withUsual(called []string, key, language string) []string {
	called = slices.Clone(called)
	for _, usual := range strings.Split(words.Text{Key: key}.In(language), "|") {
		if !slices.Contains(called, usual) {
			called = append(called, usual)
		}
	}
	return called
}

func tomlList(list []string) string {
	quoted := make([]string, 0, len(list))
	for _, w := range list {
		quoted = append(quoted, strconv.Quote(w))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
