package catalogue

import (
	"maps"
	"slices"
	"time"
)

// Publisher is a media outlet: it owns sources, keywords, channels, readers.
type Publisher struct {
	ID          string              `name:"id" label:"Id" help:"Short name in addresses and logs; never changes." check:"required,id" example:"lecker"`
	Name        string              `name:"name" label:"Name" help:"What readers know the publisher by." check:"required,max=80" example:"Lecker"`
	Languages   []string            `name:"languages" label:"Languages" help:"The languages of the keywords, as BCP 47 tags; the first is the default." check:"required,language" example:"en, fr, de"`
	TimeZone    string              `name:"time_zone" label:"Time zone" help:"IANA zone for hours, schedules and stamps." check:"required,zone" example:"Europe/Paris"`
	Contact     string              `name:"contact" label:"Contact" help:"A person whom readers may turn to about their data, or to speak to somebody: a mail address, a telephone number, the address of a page, or a short text in one line. It is told to whoever sends MYDATA, FORGET ME or HUMAN." check:"max=200" example:"reader@example.org"`
	Privacy     string              `name:"privacy" label:"Privacy notice" help:"The page that says what is kept of readers, and why." check:"url,max=500" example:"https://example.org/privacy"`
	Autocorrect string              `name:"autocorrect" label:"Typing errors" help:"What to do with a typing error: run the only sensible keyword and say so, always ask, or neither." choices:"confident,offer,off" more:"true"`
	Sure        string              `name:"sure" label:"How sure" help:"How sure it must be that a message asks for a keyword until it is answered: as sure as is best for most, or surer, so that more is asked first." choices:"usual,rather_ask" more:"true"`
	Wishes      int                 `name:"wishes" label:"Keywords of one message" help:"How many keywords one message may run: with 2, whoever writes \"news and weather\" gets both in one reply. Where a message names more, or may mean one of them, they are offered." check:"min=1,max=3" more:"true"`
	Matcher     Matcher             `name:"matcher" label:"Own matcher" help:"An endpoint of the publisher that is asked what a message meant which no keyword is near to. It may only offer keywords. In the configuration file only." more:"true" local:"true"`
	Reserved    map[string][]string `name:"reserved" label:"Words of commands" help:"Further words of the service's own commands, by command: stop, start, help, menu, more, save, my, mydata, forget, lang, human, why, link, unlink. Nobody takes STOP away." example:"{ help = [\"sos\"], human = [\"editors\"] }" more:"true"`
	Featured    []string            `name:"featured" label:"Menu begins with" help:"Ids of up to ten keywords, the best first: MENU begins with those of them that readers of the language have a word for, and HELP names the first one as an example." check:"id,max=10" example:"news" more:"true"`
	UnderAge    bool                `name:"under_age" label:"Readers may be children" help:"Nothing beyond the answer is kept of any reader, since a child cannot agree to it: nobody is asked for consent, and whoever wants something saved, remembered or told later is told that this service keeps nothing of its readers." more:"true"`
	StaffOnly   bool                `name:"staff_only" label:"For staff only" help:"The bot is for the publisher's own people: no page, link, code, proof or list that the service itself shows to strangers has it, and readers are told so at the first contact. Who writes to it is up to the platform, so use channels of workspaces; keypull check names the others." more:"true"`
	Crisis      Crisis              `name:"crisis" label:"Crisis text" help:"A text that stands before answers for a while, those that MORE, MY or an ordered time bring among them." more:"true"`
	CrisisByTwo bool                `name:"crisis_by_two" label:"Crisis text by two people" help:"Whoever writes a crisis text proposes it: it stands once another person puts it up. Taking it down needs nobody else." more:"true"`
	Person      Person              `name:"person" label:"A person" help:"How readers reach a person here: when your people are there, and whom to turn to about what." more:"true"`
	Clicks      bool                `name:"clicks" label:"Count clicks" help:"Links in answers lead over this server, which counts by keyword, source, channel and hour that they were followed, and leads on at once: nothing of who follows one is in it or kept. On for publishers made by the console or the API of a server that readers reach, unless they say otherwise. Not on short messages and MCP, unless the channel says so." more:"true"`
	UTM         map[string]string   `name:"utm" label:"Tracking parameters" help:"What is added to the address that a counted link leads to, unless it has that already, for the publisher's own statistics: source, medium, campaign, term, content, each named utm_ and that. {keyword}, {channel} and {source} stand for their ids." check:"max=5,keys=id" example:"{ source = \"keypull\", medium = \"{channel}\", campaign = \"{keyword}\" }" more:"true"`
	Sources     []Source            `name:"source" label:"Sources" help:"Where content comes from."`
	Keywords    []Keyword           `name:"keyword" label:"Keywords" help:"The words readers send."`
	Channels    []Channel           `name:"channel" label:"Channels" help:"The messenger accounts readers write to."`
}

// Defaults sets what a publisher is before it is filled.
func (p *Publisher) Defaults() {
	p.TimeZone = "UTC"
	p.Autocorrect = "confident"
	p.Sure = "usual"
	p.Wishes = 1
}

// Freshness says how old an answer may be; a keyword's overrides its source's.
// Nil means not set.
type Freshness struct {
	MaxAge               *time.Duration `name:"max_age" label:"Max age" help:"Serve without asking upstream while the answer is younger than this. Not set: what upstream says, else 60s." example:"60s" group:"fresh"`
	StaleWhileRevalidate *time.Duration `name:"stale_while_revalidate" label:"Stale while revalidate" help:"After max_age, for this long, serve at once and refresh behind." example:"30s" group:"fresh"`
	StaleIfError         *time.Duration `name:"stale_if_error" label:"Stale if error" help:"After max_age, for this long, serve the last good answer, marked, when upstream fails." example:"1h" group:"fresh"`
	Deadline             *time.Duration `name:"deadline" label:"Deadline" help:"How long a reader waits for the source at most; 4s where not set." example:"4s" check:"min=50ms,max=60s" group:"fresh"`
}

// Source is one configured place that content comes from.
type Source struct {
	ID        string `name:"id" label:"Id" help:"Short name of the source." check:"required,id" example:"news"`
	Title     string `name:"title" label:"Title" help:"What editors call the source. Not set: what it is about." check:"max=80" example:"Front page"`
	Kind      string `name:"kind" label:"Kind" help:"What kind of source it is." check:"required" example:"feed"`
	Freshness `settings:"inline"`
	Refresh   string         `name:"refresh" label:"Refresh" help:"Fetch ahead of demand: a cron line in the publisher's zone, or @every 5m." check:"cron" example:"*/5 6-22 * * *" group:"fresh"`
	NewKeys   int            `name:"new_keys" label:"New keys" help:"For how many arguments a minute that nothing is kept for one asker may have the source called: one reader, or one address in the web chat. Beyond it the reader is told to ask again later. 0 is as many as come." check:"min=0,max=100000" more:"true"`
	Findable  string         `name:"findable" label:"Findable by itself" help:"Whether an item is offered to a reader who asks for it in words that are no keyword: in events: Christmas market? Only what a keyword would tell that reader at that moment is. Not set: yes for feeds, recipes, calendars, answers, archives and pages, and for whatever a keyword with an argument asks; else no." choices:",on,off" more:"true"`
	Formerly  []string       `name:"formerly" label:"Former ids" help:"Ids that the source had before: what names it by one of them finds it, and no other source gets one." check:"id,max=20" example:"headlines" more:"true"`
	Note      string         `name:"note" label:"Note" help:"Why the source is here and whom to call about it, for editors alone. Readers are never told." check:"max=1000" example:"Wire desk, extension 214" more:"true"`
	Settings  map[string]any `name:"settings" label:"Settings" help:"The kind's own settings."`
}

// Defaults sets what a source is before it is filled.
func (s *Source) Defaults() { s.NewKeys = 60 }

// UnsureFull is an Unsure by which who cannot be told apart gets the answer.
const UnsureFull = "full"

// Keyword is a word that readers send, and what it answers.
type Keyword struct {
	ID          string              `name:"id" label:"Id" help:"Short name of the keyword." check:"required,id" example:"news"`
	Source      string              `name:"source" label:"Source" help:"The source that answers; of an appointment the calendar with free times, and of other requests none." example:"news"`
	Phrases     map[string][]string `name:"phrases" label:"Phrases" help:"The words that call it, by language; the first of each is its name." check:"required,keys=language" example:"{ en = [\"news\", \"headlines\"], fr = [\"actus\"] }"`
	Argument    string              `name:"argument" label:"Argument" help:"Whether words beside the phrase are passed to the source." choices:"none,optional,required"`
	Slot        string              `name:"slot" label:"Kind of argument" help:"What the argument is, where the source lists none: any text, a number, a date (tomorrow, sat, 24 dec), an amount of money, a language, or a place, which readers may share as one. The source gets it in one spelling." choices:",text,number,date,amount,language,place" more:"true"`
	Query       string              `name:"query" label:"Query" help:"The argument where the reader gave none. Not set: quotes and recipes are looked up by the phrase itself. * asks for whatever the source brings first, of recipes the newest." example:"WIPRO" more:"true" is:"code"`
	Count       int                 `name:"count" label:"Count" help:"How many items the reply takes." check:"min=1,max=10"`
	Bare        bool                `name:"bare" label:"Bare" help:"Let an entry of the source's vocabulary alone call the keyword." more:"true"`
	Template    Localised           `name:"template" label:"Template" help:"Liquid text of the reply, one or one per language. Not set: the kind's own reply." settings:"localised" check:"keys=language" example:"{{ item.title }}\n{{ item.link }}" more:"true" is:"script"`
	Reply       []Part              `name:"reply" label:"Reply" help:"What the reply shows of an item, in this order, in place of a template. Not set: the template, or the kind's own reply." example:"[{ show = \"title\" }, { show = \"price\", label = { en = \"Price\" } }]"`
	Freshness   `settings:"inline"`
	Hours       []string            `name:"hours" label:"Hours" help:"When it answers, in the publisher's zone. Not set: always." check:"hours" example:"mon-fri 09:15-15:30" more:"true"`
	From        *time.Time          `name:"from" label:"From" help:"Not before this moment." example:"2026-12-01T06:00:00+01:00" more:"true"`
	Until       *time.Time          `name:"until" label:"Until" help:"Not after this moment." example:"2026-12-24T18:00:00+01:00" more:"true"`
	Autocorrect string              `name:"autocorrect" label:"Typing errors" help:"Overrides the publisher's." choices:",confident,offer,off" more:"true"`
	Stamp       string              `name:"stamp" label:"Stamp" help:"When the reply tells its age: only if stale, always, or never unless stale. Not set: always where the source tells the time of the fact itself, as quotes do, else only if stale." choices:",stale,always,never" more:"true"`
	Since       bool                `name:"since" label:"Since last asked" help:"Tell readers in one line what has changed since they asked for it last: by how much a price, how many entries are new, or that nothing has." more:"true"`
	Tie         bool                `name:"tie" label:"Tie" help:"The keyword shares a phrase with another on purpose; readers are asked which." more:"true"`
	Human       bool                `name:"human" label:"Hands over to a person" help:"Whoever asks it is handed over to a person below the answer, if one is there." more:"true"`
	Briefing    bool                `name:"briefing" label:"Flash briefing" help:"Anybody may fetch the answer at /briefing/<publisher>/<keyword>.json, as flash briefings of Alexa do." more:"true"`
	Request     Request             `name:"request" label:"Request" help:"The keyword takes something down of the reader, which is seen to by people: a paper that did not come, an appointment, an order." more:"true"`
	StandIn     StandIn             `name:"stand_in" label:"Answer for now" help:"A text that answers for the keyword until a moment, and then goes by itself." more:"true"`
	Formerly    []string            `name:"formerly" label:"Former ids" help:"Ids that the keyword had before: buttons, links and programs that name it by one of them find it, and no other keyword gets one." check:"id,max=20" example:"headlines" more:"true"`
	Group       string              `name:"group" label:"Group" help:"What the keyword is listed with: a word or two of yours, such as Sport. Readers are never told." check:"max=40" example:"Sport" more:"true"`
	Note        string              `name:"note" label:"Note" help:"Why the keyword is here and whom to call about it, for editors alone. Readers are never told." check:"max=1000" example:"Until the end of the season. Ask the sports desk." more:"true"`
	Audience    map[string][]string `name:"audience" label:"Audience" help:"Whom it answers; nobody else. All that is named must hold, of each list one entry: language and channel (ids), group (as the platform calls it), workspace (of Slack, Teams or Discord), code (the source of memberships whose code a reader has sent), subscriber (the source that knows yours), hours. Not set: everybody. Of keywords that share a phrase the one answers that fits with the most of it." example:"{ language = [\"en\"], hours = [\"mon-fri 09:00-17:00\"] }" group:"audience"`
	Teaser      Localised           `name:"teaser" label:"For others" help:"What those are told whom a code or a subscription is missing, one text or one per language. {reader} stands for who asks, for an address of yours that connects a subscription. Not set: a sentence that says so." settings:"localised" check:"keys=language" example:"For members of the club. Ask at the gate for the code." group:"audience"`
	Unsure      string              `name:"unsure" label:"If your system is down" help:"What subscribers and others get while the source that knows them cannot say: the text for others, or the answer. Not set: the text for others." choices:",teaser,full" group:"audience"`
}

// Defaults sets what a keyword is before it is filled.
func (k *Keyword) Defaults() {
	k.Argument = "none"
	k.Count = 1
}

// Names returns what the keyword is looked for by: its id, then its phrases by
// language.
func (k *Keyword) Names() []string {
	names := []string{k.ID}
	for _, language := range slices.Sorted(maps.Keys(k.Phrases)) {
		names = append(names, k.Phrases[language]...)
	}
	return names
}

// Part is one part of a reply as an editor ticked and ordered it.
type Part struct {
	Show  string    `name:"show" label:"Show" help:"What of the item: title, summary, body, link, image, published, stamp, or the name of a fact." check:"required" example:"title"`
	Label Localised `name:"label" label:"Label" help:"What stands before it, one text or one per language; none where not set." settings:"localised" check:"keys=language"`
}

// Channel is one messenger account of a publisher.
type Channel struct {
	ID       string         `name:"id" label:"Id" help:"Short name of the channel; part of its webhook's address." check:"required,id" example:"tg"`
	Kind     string         `name:"kind" label:"Kind" help:"What kind of messenger it is." check:"required" example:"telegram"`
	Consent  string         `name:"consent" label:"Consent" help:"What readers are asked to agree to before anything of them is kept beyond the answer: they are asked in the chat, when a word of theirs would keep something. A web chat has a setting of its own that its page shows. Not set: nobody is asked." check:"max=1000" more:"true"`
	App      string         `name:"app" label:"App" help:"Id of the app in the configuration file that carries the channel. Not set: the channel has an account of its own." example:"meta" more:"true"`
	Laters   bool           `name:"laters" label:"Answers at a time" help:"Readers may order an answer for a time, once, although each message costs: for channels of short messages. Elsewhere they may in any case, as far as the platform takes such messages." more:"true"`
	Note     string         `name:"note" label:"Note" help:"Why the channel is here and whom to call about its account, for editors alone. Readers are never told." check:"max=1000" example:"The account is Jo's, see the safe." more:"true"`
	Clicks   string         `name:"clicks" label:"Count clicks" help:"Whether links in its answers are counted. Not set: as the publisher says, and never on short messages, where each sign costs, and on MCP, where programs follow them." choices:",on,off" more:"true"`
	Overlap  time.Duration  `name:"overlap" label:"Former secrets" help:"For how long after its secrets were changed deliveries are taken as well that the former ones prove, so that none is lost while the platform changes over. Not set: none are; leave it so where a secret was stolen." check:"max=7d" example:"1h" more:"true"`
	Settings map[string]any `name:"settings" label:"Settings" help:"The kind's own settings."`
}

// App is one account of a platform's developer, which carries channels of many
// publishers.
type App struct {
	ID       string         `name:"id" label:"Id" help:"Short name of the app, by which channels name it; part of its webhook's address, /hook/app/ and the id." check:"required,id" example:"meta"`
	Kind     string         `name:"kind" label:"Kind" help:"What kind of app it is." check:"required" example:"meta"`
	Overlap  time.Duration  `name:"overlap" label:"Former secrets" help:"For how long after its secrets were changed deliveries are taken as well that the former ones prove, so that none is lost while the platform changes over. Not set: none are; leave it so where a secret was stolen." check:"max=7d" example:"1h"`
	Settings map[string]any `name:"settings" label:"Settings" help:"The kind's own settings."`
}

// Localised is one text for everybody, under "", or one per language.
type Localised map[string]string

// Any returns the text of any language.
func (l Localised) Any() string {
	for _, language := range slices.Sorted(maps.Keys(l)) {
		return l[language]
	}
	return ""
}

// In returns the text for a language: its own, else that of the language
// without region, else the one for everybody, else "".
func (l Localised) In(language string) string {
	if t, ok := l[language]; ok {
		return t
	}
	for i := len(language) - 1; i > 0; i-- {
		if language[i] == '-' {
			if t, ok := l[language[:i]]; ok {
				return t
			}
		}
	}
	return l[""]
}
