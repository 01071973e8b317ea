package pull_test

import "testing"

// TestOrdersOfOneMessageAreCarriedOutOneAfterAnother has readers tell several things to do at once.
func TestOrdersOfOneMessageAreCarriedOutOneAfterAnother(t *testing.T) {
	t.Parallel()
	const savedWeather = "Saved: weather. I never write first; send MY for the latest."
	for name, c := range map[string]conversation{
		"a city and a language":    {{"my city is Leeds and speak german", "Remembered: your city: Leeds. | Ab jetzt antworte ich auf Deutsch."}, {"weather", "Rain"}},
		"a sentence each":          {{"my city is Leeds. short answers please!", "Remembered: your city: Leeds. | Short answers from now on."}},
		"what is saved and a time": {{"save weather and send me news at 5pm", savedWeather + " | Noted: “news” comes once, on 2 Mar, 17:00 (Europe/Paris). | [MY] | [Cancel reminder]"}},
		"two times":                {{"send me weather at 4pm and news at 5pm", "Noted: “weather” comes once, on 2 Mar, 16:00 (Europe/Paris). | Noted: “news” comes once, on 2 Mar, 17:00 (Europe/Paris). | [Cancel reminder]"}},
		"three":                    {{"save weather, my city is Leeds, and send me news at 5pm", savedWeather + " | Remembered: your city: Leeds. | Noted: “news” comes once, on 2 Mar, 17:00 (Europe/Paris). | [MY] | [Cancel reminder]"}},
		"what is asked about":      {{"I live in Leeds and speak german", "Shall I remember your city: Leeds? | [YES] | [NO] | [speak german]"}, {"yes", "Remembered: your city: Leeds."}},
		"one that has an and":      {{"save weather and news", "Saved: weather and news. I never write first; send MY for the latest. | [MY]"}},
		"a name that has an and":   {{"my city is Trinidad and Tobago", "Remembered: your city: Trinidad and Tobago."}},
	} {
		t.Run(name, func(t *testing.T) {
			k, _, _ := newSavingTalk(t)
			c.hold(t, k)
		})
	}
}
