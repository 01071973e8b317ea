package settings_test

import (
	"fmt"

	"keypull/pull/settings"
)

// weather is all that a kind needs to write.
type weather struct {
	URL   string          `name:"url" label:"Address" help:"Where the forecast is." check:"required,url"`
	Days  int             `name:"days" label:"Days" help:"How many days it covers." check:"min=1,max=14"`
	Token settings.Secret `name:"token" label:"Token" help:"The key of the service."`
}

func ExampleFill() {
	w := &weather{Days: 3}
	err := settings.Fill(w, map[string]any{"day": 5, "days": 20, "token": "secret"})
	fmt.Println(err)

	err = settings.Fill(w, map[string]any{"url": "https://example.org", "token": "secret"})
	fmt.Printf("%+v %v\n", *w, err)
	// Output:
	// day: There is no such setting; did you mean “days”?
	// url: Fill this in: it is required.
	// days: Write 14 or less.
	// {URL:https://example.org Days:3 Token:••••} <nil>
}
