//! Days and times of day, in the words of a language and in the zone of the organisation.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::notice::template::Phrases;

/// A calendar in words.
#[derive(Clone, Debug)]
pub(in crate::notice) struct Moments {
    phrases: Arc<Phrases>,
    zone: TimeZone,
    /// The day it is.
    pub today: Date,
}

impl Moments {
    /// `now` decides which years need no saying.
    pub(in crate::notice) fn new(phrases: Arc<Phrases>, zone: TimeZone, now: Timestamp) -> Self {
        let today = now.to_zoned(zone.clone()).date();
        Self { phrases, zone, today }
    }

    /// A moment where the organisation is.
    pub(super) fn here(&self, moment: Timestamp) -> Zoned {
        moment.to_zoned(self.zone.clone())
    }

    /// `Tuesday, December 8`; with the year when it is not this year's.
    pub(super) fn day(&self, date: Date) -> String {
        let weekday = self.phrases.say(&format!("date.weekday.{}", date.weekday().to_monday_one_offset()), &[]);
        let month = self.phrases.say(&format!("date.month.{}", date.month()), &[]);
        let (day, year) = (date.day().to_string(), date.year().to_string());
        let values = [("weekday", weekday.as_str()), ("month", &month), ("day", &day)];
        if date.year() == self.today.year() {
            return self.phrases.say("date.day", &values);
        }
        self.phrases.say("date.day_year", &[values.as_slice(), &[("year", year.as_str())]].concat())
    }

    /// `Tuesday, December 8` of a moment.
    pub(super) fn day_of(&self, moment: Timestamp) -> String {
        self.day(self.here(moment).date())
    }

    /// `6:30 pm`.
    pub(super) fn time(&self, moment: Timestamp) -> String {
        let here = self.here(moment);
        let half = self.phrases.say(if here.hour() < 12 { "date.am" } else { "date.pm" }, &[]);
        let hour12 = match here.hour() % 12 {
            0 => 12,
            hour => hour,
        };
        let (hour12, hour24, minute) = (hour12.to_string(), here.hour().to_string(), format!("{:02}", here.minute()));
        self.phrases.say("date.time", &[("hour12", &hour12), ("hour24", &hour24), ("minute", &minute), ("half", &half)])
    }

    /// The zone's name, as people say it: `Eastern time`, `Berlin time`.
    pub(super) fn zone(&self, moment: Timestamp) -> String {
        let Some(name) = self.zone.iana_name() else {
            // A zone without a name is an offset, or nobody said where the organisation is.
            return if self.zone == TimeZone::UTC { self.phrases.say("zone.utc", &[]) } else { format!("UTC{}", self.here(moment).strftime("%:z")) };
        };
        if name == "UTC" || name.starts_with("Etc/") {
            return self.phrases.say("zone.utc", &[]);
        }
        let key = format!("zone.{name}");
        if self.phrases.has(&key) {
            return self.phrases.say(&key, &[]);
        }
        let city = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
        self.phrases.say("zone.city", &[("city", &city)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(language: &str, zone: &str) -> Moments {
        let phrases = Arc::new(Phrases::new(language, &[], None).unwrap());
        Moments::new(phrases, TimeZone::get(zone).unwrap(), "2026-11-22T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn days_and_times_are_said_in_each_language() {
        let moment = "2026-12-08T23:30:00Z".parse().unwrap();
        let english = moments("en", "America/New_York");
        assert_eq!(english.day_of(moment), "Tuesday, December 8");
        assert_eq!((english.time(moment), english.zone(moment)), (String::from("6:30 pm"), String::from("Eastern time")));
        assert_eq!(english.day("2027-01-29".parse().unwrap()), "Friday, January 29, 2027");
        let spanish = moments("es", "Europe/Berlin");
        assert_eq!(spanish.day_of(moment), "miércoles 9 de diciembre");
        assert_eq!((spanish.time(moment), spanish.zone(moment)), (String::from("0:30"), String::from("hora de Berlin")));
    }
}
