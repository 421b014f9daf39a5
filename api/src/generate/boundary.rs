//! Boundaries of districts, and points inside them.

use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon};

use super::dice::Dice;

/// Longitude and latitude, degrees.
pub(crate) type Position = (f64, f64);

/// The boundary of one district.
pub(crate) struct Boundary {
    /// GeoJSON geometry, as the data file has it.
    pub(crate) text: String,
    shape: MultiPolygon<f64>,
}

impl Boundary {
    /// Reads a GeoJSON geometry; None unless it is a polygon or several.
    pub(crate) fn read(geometry: &serde_json::Value) -> Option<Self> {
        let coordinates = geometry.get("coordinates")?.as_array()?;
        let shape = match geometry.get("type")?.as_str()? {
            "Polygon" => MultiPolygon::new(vec![polygon(coordinates)?]),
            "MultiPolygon" => MultiPolygon::new(coordinates.iter().map(|part| polygon(part.as_array()?)).collect::<Option<_>>()?),
            _ => return None,
        };
        Some(Self { text: geometry.to_string(), shape })
    }

    /// True if the position lies inside.
    pub(crate) fn holds(&self, position: Position) -> bool {
        self.shape.contains(&Point::new(position.0, position.1))
    }

    /// An even choice of a position inside.
    pub(crate) fn inside(&self, dice: &mut Dice) -> Position {
        let Some(frame) = self.shape.bounding_rect() else { return (0.0, 0.0) };
        loop {
            let position = (dice.real(frame.min().x, frame.max().x), dice.real(frame.min().y, frame.max().y));
            if self.holds(position) {
                return rounded(position);
            }
        }
    }

    /// A position inside, near another one: about as far as `reach` degrees, nearer where the boundary is close.
    pub(crate) fn near(&self, centre: Position, reach: f64, dice: &mut Dice) -> Position {
        let mut reach = reach;
        for _ in 0..40 {
            let position = rounded((centre.0 + dice.normal() * reach / 2.0, centre.1 + dice.normal() * reach / 2.0));
            if self.holds(position) {
                return position;
            }
            reach *= 0.85;
        }
        centre
    }
}

fn polygon(rings: &[serde_json::Value]) -> Option<Polygon<f64>> {
    let mut rings = rings.iter().map(ring).collect::<Option<Vec<_>>>()?.into_iter();
    Some(Polygon::new(rings.next()?, rings.collect()))
}

fn ring(ring: &serde_json::Value) -> Option<LineString<f64>> {
    ring.as_array()?.iter().map(|pair| Some(Coord { x: pair.get(0)?.as_f64()?, y: pair.get(1)?.as_f64()? })).collect()
}

/// Six decimals: a tenth of a metre.
pub(crate) fn rounded(position: Position) -> Position {
    ((position.0 * 1e6).round() / 1e6, (position.1 * 1e6).round() / 1e6)
}

/// The square of the distance in degrees, good enough to compare.
pub(crate) fn apart(a: Position, b: Position) -> f64 {
    let east = (a.0 - b.0) * 0.87;
    let north = a.1 - b.1;
    east * east + north * north
}
