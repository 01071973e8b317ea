package what_test

import (
	"testing"

	"keypull/pull/what"
)

// transit returns an outlet whose words are of every day, and numbers.
func transit() *what.Index {
	words := func(id string, phrases ...string) what.Keyword {
		return what.Keyword{ID: id, Phrases: map[string][]string{"en": phrases}}
	}
	weather := words("weather", "weather", "forecast")
	weather.Argument = what.ArgumentOptional
	return what.NewIndex([]what.Keyword{
		words("bus", "bus 100"), words("line", "line 11"), words("a", "A"), words("ho", "HO"), words("woof", "WOOF"),
		words("news", "news"), words("traffic", "traffic"), words("lottery", "lottery"), words("museum", "museum", "müze"), weather,
	}, what.Options{})
}

func TestSentencesAreReadAsTheyAreMeant(t *testing.T) {
	ix := transit()
	for _, tt := range []struct{ text, want string }{
		// A greeting, thanks or an assistant's name asks for nothing else.
		{"hello weather", "weather"}, {"hi, news", "news"}, {"weather, thank you", "weather"}, {"any news", "news"},
		{"yo traffic", "traffic"}, {"hey google weather", "weather"},
		// Two wishes are offered both, and neither is the argument of the other.
		{"news and weather", "news weather"}, {"traffic + news", "traffic news"},
		{"the traffik and the news please", "traffic news"},
		// What is refused is left out.
		{"not the weather, the traffic", "traffic"}, {"I meant news, not traffic", "news"}, {"no news please", ""},
		{"nah I said traffic not news", "traffic"},
		// In a story without a stop, what it says no to is not what is asked for behind it.
		{"hello its me again we came up last night and the wifi at the site isnt working and nobody at reception knows a thing so could you send me the weather for tomorrow please", "weather"},
		{"my sister rang me last night and went on for an hour about her knee and then says she is never again in her life reading the news", ""},
		{"please do me a favour and after all these weeks of me asking nicely on the phone and by post do not send me anything more about the traffic thank you", ""},
		// A question is a request, also without its mark.
		{"when does bus 100 leave", "bus"}, {"is line 11 on time", "line"},
		{"is there traffic or not", "traffic"}, {"is the lottery drawn or not yet?", "lottery"}, {"the news or not, I don't care", ""},
		// A keyword that is named twice is offered once.
		{"which forecast weather tonight", "weather"},
		// A phrase is inflected as in the language of the message, whatever list it is in.
		{"bugün müzede ne var", "museum"},
		// A day beside a keyword says when, and tells nothing.
		{"lottery winners from tuesday", "lottery"},
		// What a further clause tells does not take back what the first one asks for.
		{"lottery please, I heard that somebody in our street has won it", "lottery"},
		// A reason says nothing of the wish.
		{"tell me about the traffic because I have to get to my aunt's for dinner", "traffic"},
		// What merely occurs is not asked for.
		{"good news: it's a girl", ""},
		// What somebody else wrote asks for nothing, and the reader's own words behind it do.
		{"> news at eight", ""}, {"> traffic is heavy\n> on the ring", ""}, {"> news at eight\nweather please", "weather"},
		// Sentences of their own ask for a keyword each.
		{"what weather is there? what news is there?", "weather news"},
		// What stands beside tells something, where more than a name does.
		{"weather, wet and cold", ""}, {"weather Leeds", "weather"}, {"weather new york", "weather"}, {"weather quiet valley", "weather"}, {"weather in Leeds please", "weather"},
		// Figures are equal or others, and a code is reached as it is written.
		{"bus 100", "bus"}, {"bus 1000", ""}, {"line 111", ""}, {"line 1", ""},
		{"aaaa", ""}, {"ho ho ho", ""}, {"woof woof", ""},
		// Slips, plurals and words written together, within sentences too.
		{"can you send me the traficc please", "traffic"}, {"weatherplease", "weather"}, {"any lotteries today?", "lottery"},
	} {
		m := ix.Match(tt.text)
		got := ""
		for i, c := range m.Candidates {
			if i > 0 {
				got += " "
			}
			got += c.Keyword
		}
		if m.Decision != what.Run && m.Decision != what.Offer {
			got = ""
		}
		if got != tt.want {
			t.Errorf("%q: %s %q, want %q", tt.text, m.Decision, got, tt.want)
		}
	}
}
