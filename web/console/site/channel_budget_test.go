package site_test

import "testing"

func TestAnEditorSetsTheBudgetOfAWebChat(t *testing.T) {
	_, ann, _ := atWork(t)
	form := ann.changed(room+"channels/new?kind=webchat", "id", "page")
	for name, want := range map[string]string{"settings.budget.asks": "60", "settings.budget.sessions": "20", "settings.budget.streams": "20"} {
		if got := form.Get(name); got != want {
			t.Errorf("%s begins with %q, want %q", name, got, want)
		}
	}
	form.Set("settings.budget.asks", "-1")
	ann.submit(room+"channels", form).wants(t, 422).page(t).says("f-settings-budget-asks-problem", "0")
	form.Set("settings.budget.asks", "600")
	form.Set("settings.budget.streams", "0")
	ann.submit(room+"channels", form).leads(t, room+"channels/page?done=channel_saved")
	saved := ann.changed(room + "channels/page")
	if saved.Get("settings.budget.asks") != "600" || saved.Get("settings.budget.streams") != "0" || saved.Get("settings.budget.sessions") != "20" {
		t.Errorf("saved %v", saved)
	}
}
