package whatsapp_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
)

// graph keeps what Meta keeps of a number: where it delivers, the profile, and
// what can be pressed first.
type graph struct {
	Hook       string
	Apps       []string
	Profile    map[string]any
	Automation map[string]any
}

func newGraph() *graph {
	return &graph{
		Profile:    map[string]any{"about": "Open all day", "description": ""},
		Automation: map[string]any{"enable_welcome_message": true, "prompts": []any{"Old?"}, "commands": []any{}},
	}
}

func (g *graph) platform() messengertest.Platform {
	return messengertest.Platform{
		Handler: g, Changes: func(r *http.Request) bool { return r.Method != http.MethodGet },
		Kept: func() string {
			kept, _ := json.Marshal(g) // it is made of texts
			return string(kept)
		},
		Others: "Open all day",
		Spoil: map[string]func(){
			"webhook":  func() { g.Hook = "https://other.example/" },
			"events":   func() { g.Apps = nil },
			"greeting": func() { g.Profile["description"] = "Changed" },
			"words":    func() { g.Automation["prompts"] = []any{"Changed"} },
			"commands": func() { g.Automation["commands"] = []any{} },
		},
	}
}

// ServeHTTP answers as the Graph API does.
func (g *graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	var body map[string]any
	if raw, err := io.ReadAll(r.Body); err != nil || len(raw) > 0 && json.Unmarshal(raw, &body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var answer any = map[string]bool{"success": true}
	switch set := r.Method == http.MethodPost; {
	case path == "app":
		answer = map[string]string{"id": "9000"}
	case path == "102290129340398/subscribed_apps" && set:
		g.Apps = append(g.Apps, "9000")
	case path == "102290129340398/subscribed_apps":
		all := []any{}
		for _, a := range g.Apps {
			all = append(all, map[string]any{"whatsapp_business_api_data": map[string]string{"id": a}})
		}
		answer = map[string]any{"data": all}
	case path == own+"/whatsapp_business_profile" && set:
		g.Profile["description"] = body["description"]
	case path == own+"/whatsapp_business_profile":
		answer = map[string]any{"data": []any{g.Profile}}
	case path == own+"/conversational_automation" && set:
		g.Automation = body
	case path == own && set:
		g.Hook, _ = body["webhook_configuration"].(map[string]any)["override_callback_uri"].(string)
	case path == own:
		answer = map[string]any{"webhook_configuration": map[string]string{"phone_number": g.Hook, "application": "https://dashboard.example/"}, "conversational_automation": g.Automation}
	default:
		w.WriteHeader(http.StatusNotFound)
		answer = json.RawMessage(metatest.Refused(2500, 0))
	}
	_ = json.NewEncoder(w).Encode(answer)
}
