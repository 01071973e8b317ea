package config

import (
	"errors"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/template"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/web/messengers"
)

// Checks returns those of package settings that need to know other packages.
func Checks() settings.Checks {
	return settings.Checks{
		"age": checkRecipient,
		"cron": func(s string) error {
			_, err := when.ParseSchedule(s, time.UTC)
			return err
		},
		"hours": func(s string) error {
			_, err := when.ParseHours([]string{s})
			return err
		},
		"listen": checkListen,
		"store":  checkStore,
	}
}

func checkListen(s string) error {
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	return err
}

// errForm says that a text is not of the form that its check asks for.
var errForm = errors.New("wrong form")

func checkStore(s string) error {
	if file, ok := strings.CutPrefix(s, "bolt:"); ok && file != "" && !strings.HasPrefix(file, "//") {
		return nil
	}
	if u, err := url.Parse(s); err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		return nil
	}
	return errForm
}

func (l *loader) addFinding(path, code string, said words.Text) {
	l.found = append(l.found, l.config.Finding(path, catalogue.Error, code, said))
}

// addProblems adds the problems of a fill whose fields lie below prefix. What only
// follows from another finding is left out: what is missing because its line
// is broken, what is wrong with a text that could not be expanded.
func (l *loader) addProblems(prefix string, err error) {
	if err == nil {
		return
	}
	var problems settings.Problems
	if !errors.As(err, &problems) {
		l.addFinding(strings.TrimSuffix(prefix, "."), "kind", words.Said(err))
		return
	}
	for _, p := range problems {
		path := prefix + p.Field
		if l.unset[path] || l.blanked && p.Key == "required" {
			continue
		}
		code := p.Key
		if !words.Core().Has("problem." + p.Key) {
			if l.unsetBeside(path) {
				continue
			}
			// The kind's own sentence, which this package does not know.
			code = "settings"
		}
		l.addFinding(path, code, p.Said())
	}
}

// unsetBeside reports whether a text of the same table could not be expanded.
func (l *loader) unsetBeside(path string) bool {
	table := path[:strings.LastIndexByte(path, '.')+1]
	for unset := range l.unset {
		if rest, ok := strings.CutPrefix(unset, table); ok && !strings.Contains(rest, ".") {
			return true
		}
	}
	return false
}

func (l *loader) checkPublishers() {
	ids := l.unique("noun.publisher", "publisher")
	for i, p := range l.config.Publishers {
		path := "publisher" + rowPath(i)
		ids(p.ID, i)
		if p.ID == "app" {
			l.addFinding(path+".id", "reserved", words.Text{Key: "document.reserved", Args: words.Args{"got": p.ID}})
		}
		l.checkSources(p, path+".source")
		l.checkKeywords(p, path+".keyword")
		l.checkChannels(p, path+".channel")
		bridge := p.Person.Bridge
		l.checkKind(bridge.Kind, l.kinds.newBridge(bridge.Kind), l.kinds.bridgeNames(), bridge.Settings, path+".person.bridge")
	}
}

// checkApps finds apps of no kind, and channels of no app.
func (l *loader) checkApps() {
	ids, known := l.unique("noun.app", "app"), map[string]bool{}
	for i, a := range l.config.Apps {
		at := "app" + rowPath(i)
		ids(a.ID, i)
		known[a.ID] = true
		l.checkKind(a.Kind, l.kinds.newApp(a.Kind), l.kinds.appNames(), a.Settings, at)
	}
	for i, p := range l.config.Publishers {
		for j, c := range p.Channels {
			if c.App != "" && !known[c.App] {
				l.addFinding("publisher"+rowPath(i)+".channel"+rowPath(j)+".app", "unknown_app",
					words.Text{Key: "config.no_app", Args: words.Args{"id": c.App}})
			}
		}
	}
}

func rowPath(i int) string { return "[" + strconv.Itoa(i) + "]" }

// unique returns a function that is told every id of the list at a path, and its
// place there.
func (l *loader) unique(resource, path string) func(id string, i int) {
	first := map[string]int{}
	return func(id string, i int) {
		if other, twice := first[id]; twice && id != "" {
			_, line := l.config.origins.originOf(path + rowPath(other) + ".id")
			l.addFinding(path+rowPath(i)+".id", "duplicate_id", words.Text{Key: "config.id_twice", Args: words.Args{"noun": words.Text{Key: resource}, "id": id, "line": strconv.Itoa(line)}})
			return
		}
		first[id] = i
	}
}

func (l *loader) checkSources(p catalogue.Publisher, path string) {
	ids := l.unique("noun.source", path)
	for i, s := range p.Sources {
		at := path + rowPath(i)
		ids(s.ID, i)
		l.checkKind(s.Kind, l.kinds.newSource(s.Kind), l.kinds.sourceNames(), s.Settings, at)
	}
}

func (l *loader) checkChannels(p catalogue.Publisher, path string) {
	ids := l.unique("noun.channel", path)
	for i, c := range p.Channels {
		at := path + rowPath(i)
		ids(c.ID, i)
		blank := l.kinds.newMessenger(c.Kind)
		l.checkKind(c.Kind, blank, l.kinds.messengerNames(), c.Settings, at)
		if alone, ok := blank.(messengers.Alone); ok && c.App == "" {
			if found := alone.CheckAlone(); len(found) > 0 {
				l.addProblems(at+".settings.", found)
			}
		}
	}
}

// checkKind fills the settings of a kind in, or reports one that isn't there.
func (l *loader) checkKind(name string, blank any, known []string, values map[string]any, path string) {
	switch {
	case blank != nil:
		l.addProblems(path+".settings.", settings.Draft(blank, values, Checks()))
	case name != "":
		l.addFinding(path+".kind", "unknown_kind", unknown("noun.kind", name, known))
	}
}

// unknown words the sentence about a name that none of known is.
func unknown(resource, name string, known []string) words.Text {
	said := words.Text{Key: "document.unknown", Args: words.Args{"noun": words.Text{Key: resource}, "got": name}}
	switch nearest := settings.Nearest(name, known); {
	case nearest != "":
		said.Key, said.Args["nearest"] = "document.unknown_near", nearest
	case len(known) == 0:
		said.Key = "document.none"
	default:
		said.Args["known"] = strings.Join(known, ", ")
	}
	return said
}

func (l *loader) checkKeywords(p catalogue.Publisher, path string) {
	ids := l.unique("noun.keyword", path)
	var ofPublisher []string
	known := map[string]bool{"": true}
	for _, s := range p.Sources {
		known[s.ID] = true
		ofPublisher = append(ofPublisher, s.ID)
	}
	for i, k := range p.Keywords {
		ids(k.ID, i)
		if !known[k.Source] && !l.blanked {
			l.addFinding(path+rowPath(i)+".source", "unknown_source", unknown("noun.source", k.Source, ofPublisher))
		}
		for _, f := range slices.Concat(catalogue.CheckAudience(&p.Keywords[i], &p), catalogue.CheckRequest(&p.Keywords[i], &p)) {
			if f.Severity == catalogue.Error {
				l.addFinding(path+rowPath(i)+"."+f.Path, f.Code, f.Said())
			}
		}
	}
}

// checkTemplates reads the templates of a publisher's keywords with the facts
// that their sources bring.
func (c *Config) checkTemplates(p catalogue.Publisher, path string, ks Kinds) Findings {
	facts := map[string][]string{}
	for _, s := range p.Sources {
		facts[s.ID] = sources.FactsOf(ks.newSource(s.Kind), s.Settings)
	}
	var all Findings
	for i, k := range p.Keywords {
		for _, language := range slices.Sorted(maps.Keys(k.Template)) {
			_, err := template.Parse(k.Template[language], facts[k.Source])
			if err == nil {
				continue
			}
			at := strings.TrimSuffix(path+".keyword"+rowPath(i)+".template."+language, ".")
			all = append(all, c.Finding(at, catalogue.Error, "template",
				words.Text{Key: "document.template", Args: words.Args{"reason": words.Said(err)}}))
		}
	}
	return all
}

// LintBeside is Lint of a configuration that serve refuses, as far as what is found does not follow from the errors
// that are known: nothing is told of sources, and nothing of what an error is about. Where the file could not be read
// whole, nothing is found.
func (c *Config) LintBeside(ks Kinds, errs Findings) Findings {
	if slices.ContainsFunc(errs, func(f Finding) bool { return f.Path == "" }) {
		return nil
	}
	found := c.Lint(ks, func(string, string) catalogue.About { return catalogue.About{} })
	return slices.DeleteFunc(found, func(f Finding) bool {
		return slices.ContainsFunc(errs, func(e Finding) bool {
			return e.Severity == catalogue.Error && (isBelow(f.Path, e.Path) || isBelow(e.Path, f.Path))
		})
	})
}

// isBelow reports whether a path is another one, or leads on from it.
func isBelow(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Lint returns what the catalogue's own checks find in the publishers of the
// file, and what is wrong with their templates, with their lines; about tells what is
// known of a publisher's source. It never stops serve.
func (c *Config) Lint(ks Kinds, about func(publisher, source string) catalogue.About) Findings {
	var all Findings
	for i, p := range c.Publishers {
		all = append(all, c.checkTemplates(p, "publisher"+rowPath(i), ks)...)
		found := catalogue.Check(p, func(source string) catalogue.About { return about(p.ID, source) })
		for _, f := range slices.Concat(found, catalogue.CheckReach(p, ks.hasMembers), catalogue.CheckWorkspaces(p, messengers.TellWorkspaces(ks.Messengers))) {
			all = append(all, c.Finding("publisher"+rowPath(i)+"."+f.Path, f.Severity, f.Code, f.Said()))
		}
	}
	all.Sort()
	return all
}

// FindEndedKeywords returns which keywords of the file have ended by a moment, with their lines.
func (c *Config) FindEndedKeywords(now time.Time) (all Findings) {
	for i, p := range c.Publishers {
		for j := range p.Keywords {
			for _, f := range p.Keywords[j].CheckOver(now) {
				all = append(all, c.Finding("publisher"+rowPath(i)+".keyword"+rowPath(j)+"."+f.Path, f.Severity, f.Code, f.Said()))
			}
		}
	}
	return all
}
