package alexa

import "keypull/web/messengers"

// guide is how a skill comes about.
var guide = messengers.Guide{
	Cost:     "Nothing: an Amazon developer account and a skill are free.",
	Approval: "Amazon certifies a skill before readers can find it. On devices of the developer's own account it works at once.",
	Live:     "A few days to two weeks, by Amazon's certification.",
	Steps: []string{
		"In the Alexa developer console create a skill: type Other, model Custom, hosting Provision your own. Copy its ID into skill_id.",
		"For each language add the interaction model that keypull makes of your featured keywords: Build, Interaction Model, JSON Editor. Choose an invocation name of two words or more.",
		"Under Endpoint choose HTTPS and write {hook}, with the kind of certificate that the server has.",
		"Build the model, and under Test let the skill answer in development.",
		"Fill in the store page, with the privacy notice, and send the skill to certification.",
	},
	Events: []string{"LaunchRequest", "IntentRequest", "SessionEndedRequest", "AlexaSkillEvent.SkillEnabled", "AlexaSkillEvent.SkillDisabled"},
	Test:   "In the console's Test tab type \"open\" and the invocation name, then one of your keywords.",
}

// icon is a ring of light.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13z"/></svg>`
