"""Answers to invitations as the three common calendar programs write them, and ten that no program should have."""

import base64
import quopri
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Told:
    """What an answer says; times as DTSTAMP writes them."""

    uid: str
    who: str
    said: str = "ACCEPTED"
    sequence: int = 0
    stamp: str = "20261121T101500Z"
    because: str = ""
    sender: str = ""

    @property
    def by(self) -> str:
        return self.sender or self.who


def _folded(text: str) -> str:
    """Lines of at most 75 octets, as iCalendar has them."""
    lines = []
    for line in text.splitlines():
        rest = line
        while len(rest.encode()) > 75:
            lines.append(rest[:70])
            rest = " " + rest[70:]
        lines.append(rest)
    return "\r\n".join(lines) + "\r\n"


def google(one: Told) -> bytes:
    """Google: UTF-8 in base64, in a mixed message with the same as application/ics; the comment as a parameter."""
    comment = f';X-RESPONSE-COMMENT="{one.because}"' if one.because else ""
    body = _folded(
        "BEGIN:VCALENDAR\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\n"
        "METHOD:REPLY\nBEGIN:VEVENT\nDTSTART:20261126T091500Z\nDTEND:20261126T120000Z\n"
        f"DTSTAMP:{one.stamp}\nORGANIZER;CN=Moorland Maths Hub:mailto:halfterm@localhost\nUID:{one.uid}\n"
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={one.said};CN={one.who}"
        f";X-NUM-GUESTS=0{comment}:mailto:{one.who}\n"
        f"CREATED:20261121T100000Z\nDESCRIPTION:A meeting\\, with a live lesson\nLAST-MODIFIED:{one.stamp}\n"
        f"SEQUENCE:{one.sequence}\nSTATUS:CONFIRMED\nSUMMARY:Work Group\nTRANSP:OPAQUE\nEND:VEVENT\nEND:VCALENDAR"
    )
    packed = base64.encodebytes(body.encode()).decode()
    return (
        f"From: Ann Teacher <{one.by}>\r\nTo: halfterm@localhost\r\n"
        f"Subject: Accepted: Work Group @ Thu 26 Nov 2026\r\n"
        "Message-ID: <calendar-1@google.example>\r\nDate: Sat, 21 Nov 2026 10:15:02 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="0001"\r\n\r\n--0001\r\n'
        'Content-Type: multipart/alternative; boundary="0002"\r\n\r\n'
        '--0002\r\nContent-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.encodebytes(b'Ann Teacher has accepted this invitation.').decode()}\r\n"
        '--0002\r\nContent-Type: text/html; charset="UTF-8"\r\n\r\n'
        "<p>Ann Teacher has accepted this invitation.</p>\r\n"
        '--0002\r\nContent-Type: text/calendar; charset="UTF-8"; method=REPLY\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
        f'{packed}\r\n--0002--\r\n--0001\r\nContent-Type: application/ics; name="invite.ics"\r\n'
        'Content-Disposition: attachment; filename="invite.ics"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        f"{packed}\r\n--0001--\r\n"
    ).encode()


def outlook(one: Told) -> bytes:
    """Outlook: Windows-1252 in base64, no method in the header, its own zone's name, attendees in lower case."""
    comment = f"COMMENT;LANGUAGE=en-GB:{one.because}\n" if one.because else ""
    body = _folded(
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\n"
        "BEGIN:VTIMEZONE\nTZID:GMT Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\n"
        "TZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
        f"ATTENDEE;partstat={one.said.lower()};CN=Ann Teacher:MAILTO:{one.who.upper()}\n{comment}UID:{one.uid}\n"
        "SUMMARY;LANGUAGE=en-GB:Accepted: Work Group \u2013 café\nDTSTART;TZID=GMT Standard Time:20261126T091500\n"
        "DTEND;TZID=GMT Standard Time:20261126T120000\nCLASS:PUBLIC\nPRIORITY:5\n"
        f"DTSTAMP:{one.stamp}\nTRANSP:OPAQUE\nSTATUS:CONFIRMED\nSEQUENCE:{one.sequence}\nLOCATION"
        f";LANGUAGE=en-GB:Ash Vale\n"
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nEND:VEVENT\nEND:VCALENDAR"
    )
    packed = base64.encodebytes(body.encode("cp1252")).decode()
    return (
        f"From: =?Windows-1252?Q?Ann_T=E9acher?= <{one.by}>\r\nTo: Halfterm <halfterm@localhost>\r\n"
        "Subject: =?Windows-1252?Q?Accepted=3A_Work_Group_=96_caf=E9?=\r\nDate: Sat, 21 Nov 2026 10:15:04 +0000\r\n"
        "Message-ID: <AM0PR01@outlook.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative;\r\n\tboundary="_000_AM0PR01_"\r\nX-MS-Has-Attach:\r\n\r\n'
        '--_000_AM0PR01_\r\nContent-Type: text/plain; charset="Windows-1252"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n\r\n"
        '--_000_AM0PR01_\r\nContent-Type: text/calendar; charset="Windows-1252"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
        f"{packed}\r\n--_000_AM0PR01_--\r\n"
    ).encode()


def apple(one: Told) -> bytes:
    """Apple: quoted-printable, application/ics beside text/calendar, names in quotes, the comment as a property."""
    comment = f"COMMENT:{one.because}\n" if one.because else ""
    body = _folded(
        "BEGIN:VCALENDAR\nCALSCALE:GREGORIAN\nMETHOD:REPLY\nPRODID:-//Apple Inc.//macOS 26.1//EN\nVERSION:2.0\n"
        f'BEGIN:VEVENT\nATTENDEE;CUTYPE=INDIVIDUAL;CN="Teacher; Ann, Ms"'
        f";PARTSTAT={one.said}:mailto:{one.who}\n{comment}"
        f"DTEND;TZID=Europe/London:20261126T120000\nDTSTAMP:{one.stamp}\nDTSTART"
        f";TZID=Europe/London:20261126T091500\n"
        f'ORGANIZER;CN="Moorland Maths Hub":mailto:halfterm@localhost\n'
        f"SEQUENCE:{one.sequence}\nSUMMARY:Work Group\nUID:{one.uid}\n"
        "END:VEVENT\nEND:VCALENDAR"
    )
    packed = quopri.encodestring(body.encode()).decode()
    return (
        f"From: Ann Teacher <{one.by}>\r\nContent-Type: multipart/alternative;\r\n"
        ' boundary="Apple-Mail-1"\r\nMIME-Version: 1.0 (Mac OS X Mail 16.0)\r\n'
        "Subject: =?utf-8?B?QWNjZXB0ZWQ6IFdvcmsgR3JvdXA=?=\r\n"
        "Date: Sat, 21 Nov 2026 10:15:06 +0000\r\nTo: halfterm@localhost\r\nMessage-Id: <A1@apple.example>\r\n\r\n"
        "--Apple-Mail-1\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        "Ann Teacher has accepted.\r\n--Apple-Mail-1\r\nContent-Type: multipart/mixed;\r\n"
        ' boundary="Apple-Mail-2"\r\n\r\n--Apple-Mail-2\r\nContent-Disposition: attachment; filename=iCal-1.ics\r\n'
        'Content-Type: application/ics;\r\n name="iCal-1.ics"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{packed}\r\n--Apple-Mail-2--\r\n--Apple-Mail-1--\r\n"
    ).encode()


CLIENTS = {"Google": google, "Outlook": outlook, "Apple": apple}


def broken(one: Told) -> dict[str, bytes]:
    """Ten messages that hold no answer a program could take, by what is wrong with them."""
    whole = apple(one).decode()
    return {
        "no event named": whole.replace(f"UID:{one.uid}", "X-NO:1").encode(),
        "an event of somebody else's": apple(replace(one, uid="somebody@elsewhere.example")),
        "nobody named": whole.replace("ATTENDEE;", "X-ATTENDEE;").encode(),
        "no such answer": apple(replace(one, said="PERHAPS")),
        "a sequence in words": whole.replace("SEQUENCE:0", "SEQUENCE:first").encode(),
        "a time that is none": whole.replace("DTSTAMP:20261121T101500Z", "DTSTAMP:yesterday").encode(),
        "broken off": whole[: whole.index("SUMMARY")].encode(),
        "not a calendar": whole.replace("BEGIN:VCALENDAR", "Hello").encode(),
        "a stranger": apple(replace(one, who="stranger@elsewhere.example")),
        "only words": (
            f"From: {one.who}\r\nTo: halfterm@localhost\r\nSubject: Re: Work Group\r\n\r\nI shall be late, sorry.\r\n"
        ).encode(),
    }


def report(message_id: str, to: str) -> bytes:
    """A delivery report as mail servers write it (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@mail.example\r\nTo: halfterm@localhost\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="R"\r\n\r\n'
        "--R\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--R\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such person\r\n\r\n"
        f"--R\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nTo: {to}\r\n\r\n--R--\r\n"
    ).encode()


def away(who: str) -> bytes:
    """Somebody is on holiday."""
    return (
        f"From: {who}\r\nTo: halfterm@localhost\r\nSubject: Automatic reply: Will you come?\r\n"
        "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n\r\nI am away until Monday.\r\n"
    ).encode()
