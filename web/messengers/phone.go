package messengers

import "strings"

// Phone returns a telephone number as all the world dials it (E.164): a plus
// sign and at most 15 digits. Of a number without the code of its country,
// country says whose it is, as ISO 3166 has it; without one, digits that begin
// with no zero are taken for a whole number. False where it is none.
func Phone(typed, country string) (string, bool) {
	digits, whole, ok := dialled(typed)
	if !ok {
		return "", false
	}
	code := callingCodes[strings.ToUpper(country)]
	switch {
	case whole:
	case code == "1" && strings.HasPrefix(digits, "011") && len(digits) > 11:
		digits = digits[3:]
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	case code != "":
		digits = national(digits, code, strings.ToUpper(country))
	}
	const least, most = 3, 15
	if len(digits) < least || len(digits) > most || digits[0] == '0' {
		return "", false
	}
	return "+" + digits, true
}

// Country says whether numbers of a country are known, by its two letters.
func Country(letters string) bool { return callingCodes[strings.ToUpper(letters)] != "" }

// CountryOf returns a country of a number's code, whose people dial within it as all
// others of that code do; "" of what is no whole number.
func CountryOf(number string) (letters string) {
	digits, whole, ok := dialled(number)
	if !whole || !ok {
		return ""
	}
	longest := ""
	for country, code := range callingCodes {
		if strings.HasPrefix(digits, code) && (len(code) > len(longest) || len(code) == len(longest) && country < letters) {
			letters, longest = country, code
		}
	}
	return letters
}

// dialled returns the digits of a number in any of the ways that people write them;
// whole says that it began with a plus sign.
func dialled(typed string) (digits string, whole, ok bool) {
	for _, scheme := range []string{"tel:", "sms:"} {
		typed = strings.TrimPrefix(typed, scheme)
	}
	typed = strings.TrimSpace(typed)
	typed, whole = strings.CutPrefix(typed, "+")
	if whole {
		typed = strings.Replace(typed, "(0)", "", 1)
	}
	digits = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()/.\u00a0\u202f\u2009\u2010\u2011\u2012\u2013\t", r) {
			return -1
		}
		return r
	}, typed)
	return digits, whole, digits != "" && strings.Trim(digits, "0123456789") == ""
}

// national puts the code of a country before a number that may lack it.
func national(digits, code, country string) string {
	const shortest = 7 // what follows the code
	switch trunk := trunkOf(country); {
	case trunk != "" && trunk != code && strings.HasPrefix(digits, trunk):
		return code + digits[len(trunk):]
	case strings.HasPrefix(digits, code) && len(digits) >= len(code)+shortest && (code != "1" || len(digits) == 11):
		return digits
	}
	return code + digits
}

// trunkOf returns what people of a country dial before a number within it, and
// nobody from abroad.
func trunkOf(country string) string {
	switch country {
	case "RU", "KZ", "BY", "TM":
		return "8"
	case "HU":
		return "06"
	case "IT", "SM", "VA", "CI", "CG", "BJ":
		return "" // the zero is a part of the number
	}
	return "0"
}

// callingCodes are those of countries (ITU-T E.164).
var callingCodes = func() map[string]string {
	codes := map[string]string{}
	for _, entry := range strings.Fields(countries) {
		codes[entry[:2]] = entry[2:]
	}
	return codes
}()

const countries = `
AC247 AD376 AE971 AF93 AG1 AI1 AL355 AM374 AO244 AR54 AS1 AT43 AU61 AW297 AX358 AZ994 BA387 BB1 BD880 BE32 BF226 BG359
BH973 BI257 BJ229 BL590 BM1 BN673 BO591 BQ599 BR55 BS1 BT975 BW267 BY375 BZ501 CA1 CC61 CD243 CF236 CG242 CH41 CI225
CK682 CL56 CM237 CN86 CO57 CR506 CU53 CV238 CW599 CX61 CY357 CZ420 DE49 DJ253 DK45 DM1 DO1 DZ213 EC593 EE372 EG20 EH212
ER291 ES34 ET251 FI358 FJ679 FK500 FM691 FO298 FR33 GA241 GB44 GD1 GE995 GF594 GG44 GH233 GI350 GL299 GM220 GN224 GP590
GQ240 GR30 GT502 GU1 GW245 GY592 HK852 HN504 HR385 HT509 HU36 ID62 IE353 IL972 IM44 IN91 IO246 IQ964 IR98 IS354 IT39
JE44 JM1 JO962 JP81 KE254 KG996 KH855 KI686 KM269 KN1 KP850 KR82 KW965 KY1 KZ7 LA856 LB961 LC1 LI423 LK94 LR231 LS266
LT370 LU352 LV371 LY218 MA212 MC377 MD373 ME382 MF590 MG261 MH692 MK389 ML223 MM95 MN976 MO853 MP1 MQ596 MR222 MS1
MT356 MU230 MV960 MW265 MX52 MY60 MZ258 NA264 NC687 NE227 NF672 NG234 NI505 NL31 NO47 NP977 NR674 NU683 NZ64 OM968 PA507
PE51 PF689 PG675 PH63 PK92 PL48 PM508 PR1 PS970 PT351 PW680 PY595 QA974 RE262 RO40 RS381 RU7 RW250 SA966 SB677 SC248
SD249 SE46 SG65 SH290 SI386 SJ47 SK421 SL232 SM378 SN221 SO252 SR597 SS211 ST239 SV503 SX1 SY963 SZ268 TC1 TD235 TG228
TH66 TJ992 TK690 TL670 TM993 TN216 TO676 TR90 TT1 TV688 TW886 TZ255 UA380 UG256 US1 UY598 UZ998 VA39 VC1 VE58 VG1 VI1
VN84 VU678 WF681 WS685 XK383 YE967 YT262 ZA27 ZM260 ZW263`
