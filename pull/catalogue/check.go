package catalogue

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
)

// The rules of Check.
const (
	// CodeDuplicate: two keywords share a phrase in one language.
	CodeDuplicate = "duplicate"
	// CodeShadowed: two keywords share a phrase across languages, or but for
	// accents, so that one may be taken for the other.
	CodeShadowed = "shadowed"
	// CodeNeighbour: one typing error makes a phrase of another keyword's.
	CodeNeighbour = "neighbour"
	// CodeSameStem: two keywords share the words of a phrase in one language, in
	// another inflection or order.
	CodeSameStem = "same_stem"
	// CodeVocabulary: what alone calls one keyword, as an entry of its source's
	// vocabulary, is a phrase of another.
	CodeVocabulary = "vocabulary"
	// CodeReserved: a phrase is a command of the service itself.
	CodeReserved = "reserved"
	// CodeEmpty: nothing is left of a phrase, or a language has none.
	CodeEmpty = "empty"
	// CodeTooShort: a phrase is a single letter or digit.
	CodeTooShort = "too_short"
	// CodeCommonWord: readers write the phrase without asking for anything.
	CodeCommonWord = "common_word"
	// CodeWrongScript: a language isn't written in the letters of a phrase.
	CodeWrongScript = "wrong_script"
	// CodeWrongLanguage: a language is none of the publisher's.
	CodeWrongLanguage = "wrong_language"
	// CodeUnreachable: no message can ever call the keyword, or hardly one its
	// phrase.
	CodeUnreachable = "unreachable"
	// CodeUnnamed: a keyword that is its own argument names no entry of its
	// source.
	CodeUnnamed = "unnamed"
	// CodeUnanswerable: no message can ever be answered by a keyword, since its source
	// wants what nobody gives it.
	CodeUnanswerable = "unanswerable"
	// CodeUnfilled: a reply is to show what nothing has that its source brought.
	CodeUnfilled = "unfilled"
	// CodeUnused: a setting has no effect beside the others.
	CodeUnused = "unused"
	// CodeAudience: nobody can tell who a keyword is for, or something of it counts for
	// nobody.
	CodeAudience = "audience"
	// CodeRequest: a request can never come about, or never be handed to where it should.
	CodeRequest = "request"
	// CodeContact and CodePrivacy: readers who claim what is theirs are not told
	// whom to turn to, or where the notice stands.
	CodeContact = "contact"
	CodePrivacy = "privacy"
	// CodeStaffOnly: anybody can write to a channel of a bot for staff only.
	CodeStaffOnly = "staff_only"
	// CodeCrisis: the crisis text is meant for a keyword that is not there.
	CodeCrisis = "crisis"
	// CodeFeatured: the menu is to begin with a keyword that is not there.
	CodeFeatured = "featured"
	// CodeCalendar: the calendar that says when people answer is no source.
	CodeCalendar = "calendar"
)

// Check looks at a publisher as a whole, as it is saved or shown by keypull
// check: what each field's own check can't see. Of each source that a keyword names
// about is asked once, by its id; it may be nil. What can never be answered is an
// error: nothing of it is still to be set up. Findings come in the order of the
// keywords; what two of them share is told at the later one.
func Check(p Publisher, about func(source string) About) []Finding {
	if about == nil {
		about = func(string) About { return About{} }
	}
	all := CheckOwn(p)
	earlier := newRegister(p.Keywords)
	rules := rulesOf(p)
	for i, k := range p.Keywords {
		for _, source := range k.namedSources() {
			if source != "" && earlier.terms.sources[source] == nil {
				earlier.setAbout(source, about(source), rules)
			}
		}
		e := newEntry(k, i)
		for _, f := range append(findingsOf(e, earlier, rules), unfilledParts(&k, earlier.terms.vocabularyOf(k.Source).about)...) {
			f.Path = "keyword" + indexPath(i) + "." + f.Path
			if f.Code == CodeUnanswerable {
				f.Severity = Error
			}
			all = append(all, f)
		}
		earlier.putEntry(e)
	}
	return all
}

// namedSources returns the sources that a keyword names, whatever for.
func (k *Keyword) namedSources() []string {
	return slices.Concat([]string{k.Source, k.Request.Hook}, k.Audience[ByCode], k.Audience[BySubscriber])
}

func indexPath(i int) string { return "[" + strconv.Itoa(i) + "]" }

// CheckOwn finds what a publisher's own fields lack, its keywords aside. Whom
// nobody can write to, nobody can claim anything of.
func CheckOwn(p Publisher) []Finding {
	var all []Finding
	if p.Contact == "" && len(p.Channels) > 0 {
		all = append(all, newFinding(Warning, "contact", CodeContact, CodeContact))
	}
	if p.Privacy == "" && len(p.Channels) > 0 {
		all = append(all, newFinding(Warning, "privacy", CodePrivacy, CodePrivacy))
	}
	for _, named := range []struct {
		field, code string
		ids         []string
	}{{"featured", CodeFeatured, p.Featured}, {"crisis.keywords", CodeCrisis, p.Crisis.Keywords}} {
		for _, id := range named.ids {
			if !slices.ContainsFunc(p.Keywords, func(k Keyword) bool { return k.ID == id || slices.Contains(k.Formerly, id) }) {
				all = append(all, newFinding(Warning, named.field, named.code, named.code, "got", id))
			}
		}
	}
	if of := p.Person.Calendar; of != "" && !slices.ContainsFunc(p.Sources, func(s Source) bool { return s.ID == of }) {
		all = append(all, newFinding(Warning, "person.calendar", CodeCalendar, CodeCalendar, "got", of))
	}
	return all
}

// CheckReach finds the channels of a publisher for staff only that others can write to;
// members tells of a kind that none but those of a workspace can.
func CheckReach(p Publisher, members func(kind string) bool) []Finding {
	var all []Finding
	for i, c := range p.Channels {
		if p.StaffOnly && !members(c.Kind) {
			all = append(all, newFinding(Warning, "channel"+indexPath(i)+".kind", CodeStaffOnly, CodeStaffOnly, "channel", c.ID))
		}
	}
	return all
}

// CheckWorkspaces finds the keywords for members of a workspace that no channel of theirs can tell;
// tells says of a kind whether it names workspaces.
func CheckWorkspaces(p Publisher, tells func(kind string) bool) (all []Finding) {
	r := reachOf(&p)
	r.tells = tells
	for i := range p.Keywords {
		for _, f := range r.checkWorkspace(&p.Keywords[i]) {
			f.Path = "keyword" + indexPath(i) + "." + f.Path
			all = append(all, f)
		}
	}
	return all
}

// checker looks at one keyword among others.
type checker struct {
	rules
	others   *register
	findings []Finding
}

// findingsOf returns what is wrong with a keyword beside those of the
// register; what stands there under its own id is no other.
func findingsOf(e *entry, others *register, by rules) []Finding {
	c := checker{rules: by, others: others}
	c.keyword(&e.keyword)
	c.checkNames(e)
	c.checkUnknownNames(e)
	if v := others.terms.sources[e.keyword.Source]; v != nil {
		c.checkAnswerable(&e.keyword, v.about)
		c.checkTermsAsCommands(&e.keyword, v)
	}
	c.phrases(e)
	return c.findings
}

func (c *checker) addFinding(s Severity, path, code, key string, args ...string) {
	c.findings = append(c.findings, newFinding(s, path, code, key, args...))
}

// keyword checks what is not about phrases.
func (c *checker) keyword(k *Keyword) {
	if k.From != nil && k.Until != nil && !k.From.Before(*k.Until) {
		c.addFinding(Error, "until", CodeUnreachable, keyEndsFirst)
	}
	if k.Argument == string(what.ArgumentRequired) && k.Query != "" {
		c.addFinding(Warning, "query", CodeUnused, CodeUnused)
	}
	for _, language := range slices.Sorted(maps.Keys(k.Template)) {
		if language != "" && !c.speaks(language) {
			c.wrongLanguage("template."+language, language)
		}
	}
	about := c.reach
	about.about = func(source string) About {
		if v := c.others.terms.sources[source]; v != nil {
			return v.about
		}
		return About{}
	}
	c.findings = slices.Concat(c.findings, about.checkAudience(k), about.checkWorkspace(k), about.checkRequest(k))
}

// CheckOver finds that a keyword has ended by a moment. Check knows none: what it finds is kept.
func (k *Keyword) CheckOver(now time.Time) []Finding {
	if k.Until == nil || now.Before(*k.Until) || k.From != nil && !k.From.Before(*k.Until) {
		return nil
	}
	return []Finding{newFinding(Warning, "until", CodeUnreachable, keyOver)}
}

// speaks says whether a language is one of the publisher's, region aside.
func (c *checker) speaks(language string) bool {
	return slices.ContainsFunc(c.languages, func(own string) bool {
		return strings.EqualFold(base(own), base(language))
	})
}

func base(language string) string {
	b, _, _ := strings.Cut(language, "-")
	return b
}

func (c *checker) wrongLanguage(path, language string) {
	c.addFinding(Warning, path, CodeWrongLanguage, CodeWrongLanguage,
		"language", language, "languages", strings.Join(c.languages, ", "))
}

func (c *checker) phrases(e *entry) {
	commands := 0
	for language, uses := range e.usesByLanguage() {
		path := "phrases." + language
		if !c.speaks(language) {
			c.wrongLanguage(path, language)
		}
		if len(uses) == 0 {
			c.addFinding(Error, path, CodeEmpty, keyNoPhrases)
		}
		for i := range uses {
			if c.phrase(&uses[i], uses, path+indexPath(i)) {
				commands++
			}
		}
		c.checkScript(uses, path)
	}
	c.checkAllCommands(e, commands)
}

// phrase checks one phrase, and reports whether it is a command; uses are all of the
// keyword in its language.
func (c *checker) phrase(u *use, uses []use, path string) (reserved bool) {
	if u.normal == "" {
		c.addFinding(Error, path, CodeEmpty, keyNothingLeft)
		return false
	}
	reserved = c.checkReserved(u, path)
	switch {
	case reserved:
	case tooShort(u.normal):
		c.addFinding(Warning, path, CodeTooShort, CodeTooShort, "phrase", u.phrase)
	default:
		c.checkSpelling(u, uses, path)
	}
	c.checkShared(u, path)
	c.checkTypoNeighbour(u, path)
	c.checkStemmed(u, path)
	c.checkTermNames(u, path)
	return reserved
}

// tooShort knows the scripts in which one sign is no word.
func tooShort(normal string) bool {
	r, size := utf8.DecodeRuneInString(normal)
	return size == len(normal) && (unicode.IsDigit(r) ||
		unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew))
}
