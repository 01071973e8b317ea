package site

import (
	"strings"

	"keypull/web/console/pages"
)

// commonZones are those that a box for a time zone proposes; any other IANA
// name may be typed.
const commonZones = "UTC Africa/Abidjan Africa/Addis_Ababa Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Dakar Africa/Harare " +
	"Africa/Johannesburg Africa/Kinshasa Africa/Lagos Africa/Maputo Africa/Nairobi Africa/Tunis America/Argentina/Buenos_Aires " +
	"America/Bogota America/Chicago America/Denver America/Halifax America/Lima America/Los_Angeles America/Mexico_City America/Montreal " +
	"America/New_York America/Port-au-Prince America/Santiago America/Sao_Paulo America/Toronto Asia/Bangkok Asia/Beirut Asia/Colombo " +
	"Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Karachi Asia/Kathmandu Asia/Kolkata " +
	"Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Tehran Asia/Tokyo Atlantic/Reykjavik Australia/Perth " +
	"Australia/Sydney Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Copenhagen " +
	"Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London Europe/Luxembourg Europe/Madrid Europe/Oslo " +
	"Europe/Paris Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich Indian/Reunion Pacific/Auckland " +
	"Pacific/Noumea Pacific/Tahiti"

// zoneOptions are the zones to propose.
func zoneOptions() []pages.Option {
	var all []pages.Option
	for name := range strings.FieldsSeq(commonZones) {
		all = append(all, pages.Option{Value: name})
	}
	return all
}
