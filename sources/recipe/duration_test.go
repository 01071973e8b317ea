package recipe_test

import (
	"fmt"
	"strconv"
	"testing"
)

// saysAllUsual reads the total time of a page that writes it so.
func saysAllUsual(t *testing.T, properties string) string {
	t.Helper()
	page := fmt.Sprintf(`<script type="application/ld+json">{"@type":"Recipe","name":"X",%s}</script>`, properties)
	s, err := saved(t, []byte(page)).Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Items[0].Facts.Text("total_minutes")
}

func TestDurationsAreReadAsPagesWriteThem(t *testing.T) {
	for text, want := range map[string]int{
		"PT30M": 30, "PT1H": 60, "PT1H30M": 90, "P0DT0H45M": 45, "PT0D1H0M": 60, "PTH30M": 30, "PT1H30": 90, "PT90M0S": 90,
		"PT5400S": 90, "PT30S": 1, "PT20S": 1, "P0Y0M0DT0H35M0.000S": 35, "PT1H 30M": 90, "pt1h30m": 90, "PT1.5H": 90, "PT1,5H": 90,
		"P1D": 1440, "P1DT2H": 1560, "P1W": 10080, "P30M": 30, "P1H30M": 90, "PT30M-PT45M": 45, "PT1H/PT2H": 120, " PT20M ": 20,
		"P0Y0M0W0DT1H5M0S": 65, "PT": 0, "P": 0, "PT0M": 0, "PT0S": 0, "PT30": 30, "P2Y": 0, "P1M0DT0H": 0, "-PT30M": 0, "PT-30M": 0,
		"45 min": 45, "45 minutes": 45, "1 hour 15 minutes": 75, "1 hr 5 mins": 65, "1h30": 90, "1h30min": 90, "1 h 30": 90, "90m": 90,
		"1 Std. 20 Min.": 80, "2 Stunden": 120, "1,5 Stunden": 90, "1 ½ Std": 90, "1½ hours": 90, "½ heure": 30, "1 1/2 hours": 90, "1/2 hour": 30,
		"1 heure 30 minutes": 90, "1 heure et demie": 90, "une demi-heure": 30, "eine halbe Stunde": 30, "one hour": 60, "2 heures": 120,
		"1 hora 20 minutos": 80, "1 ora e 10 minuti": 70, "30-45 minutes": 45, "30 to 45 min": 45, "1 à 2 heures": 120, "20 bis 30 Minuten": 30,
		"45 min - 1 h": 60, "1:30 h": 90, "01:30:00": 90, "00:45:00": 45, "1h 15'": 75, "30 seconds": 1, "ca. 40 Min.": 40, "2 days": 2880,
		"1 hour, 20 minutes": 80, "0 min": 0, "45": 45, "1:30": 90, "90.0": 90, "30 دقيقة": 30, "1時間30分": 90, "30 นาที": 30, "1 ч 20 мин": 80, "PT100S": 2, "-20 min": 0, "4 servings": 0, "forever": 0, "": 0, "1 000 000 hours": 0,
		"PT30MIN": 30, "PT1HR30MIN": 90, "PT 1 hour 5 minutes": 65, "1 t 20 min": 80,
		"<b>45</b> min": 45, "45&nbsp;min": 45, "PT525600M": 0, "PT99999999999999999999H": 0, "1/0 hour": 0,
	} {
		answer := ""
		if want > 0 {
			answer = strconv.Itoa(want)
		}
		if got := saysAllUsual(t, fmt.Sprintf(`"totalTime":%q`, text)); got != answer {
			t.Errorf("%q is read as %q minutes; want %q", text, got, answer)
		}
	}
}

func TestTheTotalIsThatOfPreparationAndCookingWhereOnlyTheyAreTold(t *testing.T) {
	for properties, want := range map[string]string{
		`"prepTime":"PT20M","cookTime":"PT1H"`:                                                          "80",
		`"prepTime":"PT20M","cookTime":"PT0M"`:                                                          "20",
		`"prepTime":"PT20M","cookTime":"PT40M","totalTime":"PT0M"`:                                      "60",
		`"prepTime":"PT20M","cookTime":"PT40M","totalTime":"PT3H"`:                                      "180",
		`"prepTime":"PT20M","performTime":"PT40M"`:                                                      "60",
		`"prepTime":"PT20M"`:                                                                            "20",
		`"cookTime":"PT40M","prepTime":"20"`:                                                            "60",
		`"totalTime":45`:                                                                                "45",
		`"totalTime":{"@type":"QuantitativeValue","value":45,"unitCode":"MIN"}`:                         "45",
		`"totalTime":{"@type":"Duration","@value":"PT45M"}`:                                             "45",
		`"totalTime":{"@type":"QuantitativeValue","minValue":1,"maxValue":2,"unitText":"hours"}`:        "120",
		`"totalTime":{"@type":"QuantitativeValue","value":45}`:                                          "45",
		`"totalTime":["PT45M"]`:                                                                         "45",
		`"totalTime":null,"prepTime":"10 min","cookTime":"35 minutes"`:                                  "45",
		`"totalTime":"","prepTime":"PT10M","cookTime":"PT35M"`:                                          "45",
		`"totalTime":{"@type":"Duration","name":"1 hour 5 minutes"}`:                                    "65",
		`"totalTime":{"@type":"QuantitativeValue","value":"1.5","unitText":"hours"},"cookTime":"PT35M"`: "90",
	} {
		if got := saysAllUsual(t, properties); got != want {
			t.Errorf("%s gives a total of %q; want %q", properties, got, want)
		}
	}
}
