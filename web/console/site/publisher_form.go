package site

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/zones"
)

// publisherForm is a publisher's own fields as they stand in a form.
type publisherForm struct {
	ID, Name, Zone, Autocorrect string
	Contact, Privacy, Wishes    string
	Sure                        string
	UnderAge, StaffOnly, Clicks bool
	CrisisByTwo                 bool
	// UTM are the tracking parameters, one a line: source = keypull.
	UTM string
	// Begin is the set that a new one begins with.
	Begin string
	// Person is how readers reach a person.
	Person personForm
	// Languages are in their order, the first is the default; More is what was
	// typed beside them.
	Languages []string
	More      string
}

// publisherFormKind returns which of the fields a form has.
type publisherFormKind int

const (
	// welcomePublisher asks for what a publisher can't do without.
	welcomePublisher publisherFormKind = iota
	// newPublisher asks for everything.
	newPublisher
	// oldPublisher leaves out the id, which never changes.
	oldPublisher
)

func publisherFormOf(d console.Doc) publisherForm {
	f := publisherForm{ID: d.Text("id"), Name: d.Text("name"), Zone: d.Text("time_zone"), Autocorrect: d.Text("autocorrect"),
		Contact: d.Text("contact"), Privacy: d.Text("privacy"), Wishes: fmt.Sprint(cmp.Or(d["wishes"], any(1))), Sure: d.Text("sure"),
		UnderAge: d["under_age"] == true, StaffOnly: d["staff_only"] == true, Clicks: d["clicks"] == true,
		CrisisByTwo: d["crisis_by_two"] == true, Person: personFormOf(d)}
	for _, name := range slices.Sorted(maps.Keys(d.Table("utm"))) {
		f.UTM += name + " = " + d.Table("utm").Text(name) + "\n"
	}
	switch list := d["languages"].(type) {
	case []any:
		for _, l := range list {
			if text, ok := l.(string); ok {
				f.Languages = append(f.Languages, text)
			}
		}
	case []string:
		f.Languages = slices.Clone(list)
	}
	return f
}

func (r publisherPages) postedPublisher(posted url.Values) publisherForm {
	privacy, _ := settings.WholeAddress(strings.TrimSpace(posted.Get("privacy")))
	return publisherForm{
		ID: strings.TrimSpace(posted.Get("id")), Name: strings.TrimSpace(posted.Get("outlet")), Zone: r.zoneMeant(strings.TrimSpace(posted.Get("time_zone"))),
		Contact: strings.TrimSpace(posted.Get("contact")), Privacy: privacy,
		Autocorrect: posted.Get("autocorrect"), Wishes: posted.Get("wishes"), Sure: posted.Get("sure"),
		UnderAge: posted.Get("under_age") != "", StaffOnly: posted.Get("staff_only") != "", Clicks: posted.Get("clicks") != "", CrisisByTwo: posted.Get("crisis_by_two") != "", UTM: posted.Get("utm"),
		Begin: posted.Get("begin"), Person: r.postedPerson(posted),
		Languages: posted["languages"], More: posted.Get("more_languages"),
	}
}

// typedDoc returns the publisher as operations take it.
func (f publisherForm) typedDoc() console.Doc {
	languages := []any{}
	typed := strings.FieldsFunc(f.More, func(r rune) bool { return strings.ContainsRune(", ;\t\r\n", r) })
	for _, l := range slices.Concat(f.Languages, typed) {
		if !slices.Contains(languages, any(l)) {
			languages = append(languages, l)
		}
	}
	d := console.Doc{"name": f.Name, "languages": languages, "time_zone": f.Zone, "clicks": f.Clicks}
	for name, value := range map[string]string{"id": f.ID, "autocorrect": f.Autocorrect, "sure": f.Sure, "contact": f.Contact, "privacy": f.Privacy} {
		if value != "" {
			d[name] = value
		}
	}
	for name, on := range map[string]bool{"under_age": f.UnderAge, "staff_only": f.StaffOnly, "crisis_by_two": f.CrisisByTwo} {
		if on {
			d[name] = true
		}
	}
	utm := map[string]any{}
	for line := range strings.Lines(f.UTM) {
		if name, value, ok := cutParameter(line); ok {
			utm[name] = value
		}
	}
	if len(utm) > 0 {
		d["utm"] = utm
	}
	if person := f.Person.typedDoc(); len(person) > 0 {
		d["person"] = person
	}
	if n, err := strconv.Atoi(f.Wishes); err == nil {
		d["wishes"] = n
	} else if f.Wishes != "" {
		d["wishes"] = f.Wishes // what is no number is refused at its field
	}
	return d
}

// cutParameter cuts a line into a tracking parameter and its value; false if it is none.
func cutParameter(line string) (name, value string, ok bool) {
	name, value, _ = strings.Cut(line, "=")
	name, value = strings.TrimPrefix(strings.TrimSpace(name), "utm_"), strings.TrimSpace(value)
	return name, value, name != "" && value != ""
}

// wrongParameter returns the first line that is no tracking parameter; "" if there is none.
func (f publisherForm) wrongParameter() string {
	for line := range strings.Lines(f.UTM) {
		line = strings.TrimSpace(line)
		if _, _, ok := cutParameter(line); !ok && line != "" {
			return line
		}
	}
	return ""
}

// publisherRefusals returns what publisher.create would refuse of the fields.
func (r publisherPages) publisherRefusals(f publisherForm) settings.Problems {
	d := f.typedDoc()
	if f.ID == "" {
		// The operation makes an id of the name.
		d["id"] = "new"
	}
	var p catalogue.Publisher
	p.Defaults()
	problems, _ := r.problemsOf(settings.FillWith(&p, d, r.Checks), "")
	return renameToPublisherForm(problems)
}

// renameToPublisherForm names the fields as the form does, where the name of the
// publisher stands beside that of the person.
func renameToPublisherForm(problems settings.Problems) settings.Problems {
	problems = slices.Clone(problems)
	for n := range problems {
		if problems[n].Field == "name" {
			problems[n].Field = "outlet"
		}
	}
	return problems
}

// publisherForm makes the inputs of a publisher's own fields.
func (r publisherPages) publisherForm(f publisherForm, kind publisherFormKind) inputs {
	say := func(field, what string) string {
		return settings.Said(catalogue.Words(), r.language, field+"."+what, "")
	}
	labels := r.publisherFields()
	label := func(field string) string { return labels[field].Label }
	help := func(field string) string { return labels[field].Help }
	name := input{Name: "outlet", Label: label("name"), Help: help("name"), Type: "text", Autocomplete: "organization", Value: f.Name, Required: true}
	languages := input{Name: "languages", Label: label("languages"), Type: "languages", Value: f.More,
		Required: true, Ticks: r.languageTicks(label("languages"), f.Languages)}
	zone := input{Name: "time_zone", Label: label("time_zone"), Help: r.t("publisher.zone_help"), Type: "zone", Options: r.zoneOptions(), Value: f.Zone, Required: true}
	begin := input{Name: "begin", Label: r.t("starter.begin"), Help: r.t("starter.begin_help"), Type: "select", Options: []pages.Option{{Label: r.t("starter.begin_none")}}}
	for _, set := range r.Kinds.Starters() {
		begin.Options = append(begin.Options, pages.Option{Value: set.Name, Label: set.Title.In(r.language)})
	}
	selectOption(begin.Options, f.Begin)
	if kind == welcomePublisher {
		return inputs{name, languages, zone, begin}
	}
	chosen := func(field, value string) input {
		one := input{Name: field, Label: label(field), Help: help(field), Type: "select"}
		for _, c := range labels[field].Choices {
			one.Options = append(one.Options, pages.Option{Value: c, Label: say(field+".choice", c)})
		}
		selectOption(one.Options, value)
		return one
	}
	typos, sure := chosen("autocorrect", f.Autocorrect), chosen("sure", f.Sure)
	wishes := input{Name: "wishes", Label: label("wishes"), Help: help("wishes"), Type: "select"}
	for n := range what.MaxWishes {
		wishes.Options = append(wishes.Options, pages.Option{Value: strconv.Itoa(n + 1), Label: strconv.Itoa(n + 1)})
	}
	selectOption(wishes.Options, f.Wishes)
	contact := input{Name: "contact", Label: label("contact"), Help: help("contact"), Type: "text", Autocomplete: "off", Value: f.Contact}
	privacy := input{Name: "privacy", Label: label("privacy"), Help: help("privacy"), Type: "url", Autocomplete: "off", Value: f.Privacy}
	toggle := func(field string, on bool) input {
		return input{Name: field, Label: label(field), Help: help(field), Type: "toggle", Value: map[bool]string{true: "on"}[on]}
	}
	underAge, staffOnly, clicks := toggle("under_age", f.UnderAge), toggle("staff_only", f.StaffOnly), toggle("clicks", f.Clicks)
	byTwo := toggle("crisis_by_two", f.CrisisByTwo)
	utm := input{Name: "utm", Label: label("utm"), Help: help("utm") + " " + r.t("publisher.utm_help"), Type: "lines", Value: f.UTM}
	if kind == oldPublisher {
		return slices.Concat(inputs{name, languages, zone, contact, privacy},
			r.personInputs(f.Person).grouped(r.t("settings.people")), inputs{typos, sure, wishes}.grouped(r.t("settings.understanding")),
			inputs{underAge, staffOnly, byTwo}.grouped(r.t("settings.readers")), inputs{clicks, utm}.grouped(r.t("settings.links")))
	}
	id := input{Name: "id", Label: label("id"), Help: r.t("publisher.id_help"), Type: "text", Autocomplete: "off", Value: f.ID}
	return inputs{name, languages, zone, begin, contact, privacy, typos, sure, wishes, underAge, staffOnly, byTwo, clicks, utm, id}
}

// publisherFields returns the publisher's fields in the visitor's language, by name.
func (r publisherPages) publisherFields() map[string]settings.Field {
	all := map[string]settings.Field{}
	// A test makes sure that the struct is understood.
	fields, _ := settings.Fields(&catalogue.Publisher{})
	for _, f := range settings.Translate(fields, catalogue.Words(), r.language, "") {
		all[f.Name] = f
	}
	return all
}

// languageTicks returns the languages of a publisher, and those of the console
// that it may want too.
func (r publisherPages) languageTicks(label string, chosen []string) pages.Ticks {
	t := pages.Ticks{Name: "languages", Label: label, Help: r.t("publisher.languages_help")}
	own := slices.DeleteFunc(slices.Clone(pages.Languages()), func(l string) bool { return l == r.language })
	for _, l := range slices.Concat(chosen, []string{r.language}, own) {
		if slices.ContainsFunc(t.Items, func(i pages.Tick) bool { return i.Value == l }) {
			continue
		}
		tick := pages.Tick{Value: l, Label: l, On: slices.Contains(chosen, l)}
		if key := "language." + l; pages.Has(key) {
			tick.Label, tick.Hint = r.t(key), ""
		}
		t.Items = append(t.Items, tick)
	}
	return t
}

// zoneOptions returns the zones to propose, called as the visitor calls their places.
func (l locale) zoneOptions() []pages.Option {
	var all []pages.Option
	for _, z := range zones.List(l.language) {
		all = append(all, pages.Option{Value: z.Name, Label: z.Label})
	}
	return all
}

// zoneMeant returns the zone of what was typed, which stays as it is where none or
// several are meant.
func (l locale) zoneMeant(typed string) string {
	if name, ok := zones.Find(typed, l.language); ok {
		return name
	}
	return typed
}

// consentPart is the part of the settings about what readers agree to.
type consentPart struct{ *request }

// consent is what readers of a channel agree to. It is a setting of the
// channel, shown where one looks for it.
type consent struct {
	Channel, Version, Href string
	// field is the setting's name.
	field    string
	Form     inputs
	Disabled bool
	Message  string
}

// channelEntries returns those of the publisher at work, at most a page of them.
func channelEntries(r *request) ([]console.ChannelEntry, error) {
	const most = 200
	listed, err := console.ListChannels.Call(r.callContext(), console.ChannelList{Of: r.publisherInput(), Page: console.Page{Limit: most}})
	return listed.Channels, err
}

// findConsent finds the text where exactly one channel of the publisher asks for
// it; nil where none does or many, each of which has its own.
func (r consentPart) findConsent(provisioned bool) (*consent, error) {
	all, err := channelEntries(r.request)
	if err != nil {
		return nil, err
	}
	var found *consent
	for _, c := range all {
		f, asks := settings.First(kindFields(r.Kinds.Messenger, c.Channel), settings.Consent)
		if !asks {
			continue
		}
		if found != nil {
			return nil, nil
		}
		id, fixed := c.Channel.Text("id"), provisioned || !r.mayDo(console.UpdateChannel)
		found = &consent{Channel: id, Version: c.Version, Href: r.pathTo("channels", id), Disabled: fixed, field: f.Name,
			Form: inputs{{Name: "consent", Label: r.t("settings.consent"), Help: r.t("settings.consent_help"), Type: "lines",
				Value: c.Channel.Table(belowKind).Text(f.Name), Disabled: fixed}}}
	}
	return found, nil
}

func (r consentPart) saveConsent() error {
	entry, b, err := publisherPages(r).settingsOf()
	if err != nil {
		return err
	}
	b.Form = publisherPages(r).publisherForm(publisherFormOf(entry.Publisher), oldPublisher)
	if b.Consent == nil {
		return r.redirectDone(r.pathTo("channels"), "")
	}
	text := strings.TrimSpace(r.PostForm.Get("consent"))
	b.Consent.Form[0].Value = text
	err = r.updateConsent(b.Consent, r.postedValue("version"), text)
	if err == nil {
		return r.redirectDone(r.pathTo("settings"), "saved")
	}
	var stale *console.Stale
	if errors.As(err, &stale) {
		b.Consent.Version, b.Consent.Message = stale.Version, r.t("settings.consent_stale")
		return publisherPages(r).showSettings(http.StatusConflict, b)
	}
	problems, ok := r.problemsOf(err, "channel."+belowKind)
	if !ok {
		return err
	}
	for i, p := range problems {
		if rest, its := strings.CutPrefix(p.Field, b.Consent.field); its {
			problems[i].Field = b.Consent.Form[0].Name + rest
		}
	}
	b.Consent.Message = strings.Join(b.Consent.Form.addProblems(problems), " ")
	return publisherPages(r).showSettings(http.StatusUnprocessableEntity, b)
}

// updateConsent changes one setting of a channel and leaves the others.
func (r consentPart) updateConsent(c *consent, version, text string) error {
	got, err := console.GetChannel.Call(r.callContext(), console.ChannelGet{Of: r.publisherInput(), ID: c.Channel})
	if err != nil {
		return err
	}
	values := map[string]any{c.field: text}
	for name, value := range got.Channel.Table(belowKind) {
		if name != c.field {
			values[name] = value
		}
	}
	doc := maps.Clone(got.Channel)
	doc[belowKind] = values
	in := console.ChannelUpdate{Of: r.publisherInput(), ID: c.Channel, Channel: doc}
	in.Version = version
	_, err = console.UpdateChannel.Call(r.callContext(), in)
	return err
}
